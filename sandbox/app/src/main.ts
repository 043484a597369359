import { createClient } from '@supabase/supabase-js';
import { renderDashboard } from './dashboard.ts';
import { runtimeEnv, supabaseAnonKey, supabaseUrl } from './environment.ts';
import { renderSignIn } from './signIn.ts';

const app = document.querySelector<HTMLElement>('#app');
if (!app) throw new Error('index.html has no #app');
document.documentElement.dataset.runtimeEnv = runtimeEnv;

const supabase = createClient(supabaseUrl, supabaseAnonKey);

/** The dashboard for who is signed in, the form for who is not. */
async function show(root: HTMLElement): Promise<void> {
  const { data } = await supabase.auth.getSession();
  if (data.session) await renderDashboard(root, supabase, () => show(root));
  else renderSignIn(root, supabase, () => show(root));
}

void show(app);
