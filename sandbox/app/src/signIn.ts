import type { SupabaseClient } from '@supabase/supabase-js';

/** The sign-in form; `done` runs once the session is there. */
export function renderSignIn(root: HTMLElement, supabase: SupabaseClient, done: () => Promise<void>): void {
  root.innerHTML = `
    <h1>Sign in</h1>
    <form>
      <label>Email <input type="email" name="email" autocomplete="username" required></label>
      <label>Password <input type="password" name="password" autocomplete="current-password" required></label>
      <button type="submit">Sign in</button>
      <p role="alert"></p>
    </form>`;
  const form = root.querySelector('form');
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    void supabase.auth
      .signInWithPassword({ email: text(fields.get('email')), password: text(fields.get('password')) })
      .then(({ error }) => {
        if (!error) return done();
        const alert = form.querySelector('[role=alert]');
        if (alert) alert.textContent = error.message;
        return undefined;
      });
  });
}

function text(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value : '';
}
