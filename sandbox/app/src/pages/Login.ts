import { element, type PageContext } from '../lib/page.ts';
import { supabase } from '../lib/supabase.ts';

/** The sign-in form; the root's page follows once the session is there. */
export function Login({ root, go }: PageContext): void {
  const email = element('input', { id: 'email', name: 'email', type: 'email', required: true });
  const password = element('input', { id: 'password', name: 'password', type: 'password', required: true });
  const submit = element('button', { type: 'submit' }, 'Enter');
  const problem = element('p', { role: 'alert' });
  const form = element(
    'form',
    {},
    element('label', { htmlFor: 'email' }, 'Address'),
    email,
    element('label', { htmlFor: 'password' }, 'Password'),
    password,
    submit,
    problem,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit.disabled = true;
    void supabase.auth.signInWithPassword({ email: email.value, password: password.value }).then(({ error }) => {
      submit.disabled = false;
      if (error) problem.textContent = error.message;
      else go('/');
    });
  });
  root.replaceChildren(element('h2', {}, 'Enter the practice'), form);
}
