import type { SupabaseClient } from '@supabase/supabase-js';

interface Appointment {
  readonly id: string;
  readonly title: string;
  readonly starts_at: string;
}

interface RuntimeConfig {
  readonly runtimeEnv: string;
  readonly agentActionsDisabled: boolean;
}

/** The organisation's next appointments, and whether agents may act. */
export async function renderDashboard(
  root: HTMLElement,
  supabase: SupabaseClient,
  signedOut: () => Promise<void>,
): Promise<void> {
  const [appointments, config] = await Promise.all([
    supabase.from('appointments').select('id,title,starts_at').order('starts_at').limit(20),
    fetch('/api/runtime-config').then((response) => response.json() as Promise<RuntimeConfig>),
  ]);
  if (appointments.error) throw new Error(appointments.error.message);
  root.innerHTML = `
    <section data-testid="dashboard">
      <h1>Appointments</h1>
      <p>Environment: <b></b>. Agent actions: <b></b>.</p>
      <ul></ul>
      <button type="button">Sign out</button>
    </section>`;
  const [environment, agents] = root.querySelectorAll('b');
  if (environment) environment.textContent = config.runtimeEnv;
  if (agents) agents.textContent = config.agentActionsDisabled ? 'disabled' : 'enabled';
  root.querySelector('ul')?.append(...(appointments.data as Appointment[]).map(item));
  root.querySelector('button')?.addEventListener('click', () => {
    void supabase.auth.signOut().then(signedOut);
  });
}

function item(appointment: Appointment): HTMLLIElement {
  const line = document.createElement('li');
  line.dataset.testid = 'dashboard-item';
  line.textContent = `${new Date(appointment.starts_at).toISOString().slice(0, 16).replace('T', ' ')} ${appointment.title}`;
  return line;
}
