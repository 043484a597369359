import { Option } from '@commander-js/extra-typings';
import { createClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { ensureRunning } from '../process/background.ts';
import { openVault } from '../standIns/onepassword/index.ts';
import { sandboxDir, sandboxPaths } from '../process/paths.ts';
import { agentPath } from '../standIns/supabase/agent/agent.ts';
import { emailOf, openProject, roles } from '../stack/supabaseProject.ts';
import { define, ends } from '../../cli/define.ts';
import { choice, flag, json } from '../../cli/options.ts';
import { print } from './print.ts';

const role = choice('--role <ROLE>', roles, `${roles.join(', ')} (default: therapist)`).default<Role>('therapist');
const ledger = flag('--ledger', 'as work of the ledger, which the newest application knows: no step records the gate');

const tries = define('try', 'Asks for an answer; with --tool it asks to be allowed that tool.')
  .addOption(role)
  .addOption(new Option('--tool <TOOL>', 'the tool'))
  .addOption(ledger)
  .addOption(json)
  .action(ends((options) => play('try', options)));

const acts = define('act', 'Makes it want a tool.')
  .addOption(role)
  .addOption(new Option('--tool <TOOL>', 'the tool (default: schedule_session)'))
  .addOption(ledger)
  .addOption(json)
  .action(ends((options) => play('act', options)));

export const agent = define(
  'agent',
  'Plays an agent: asks the application’s agent as one of its users, and shows what it traced. The kill switch decides: npm ' +
    'run sandbox -- exec npm run kill-switch -- status. Exit code 0: it answered or refused.',
);
agent.addCommand(tries);
agent.addCommand(acts);

type Role = (typeof roles)[number];

interface Given {
  readonly role: Role;
  readonly tool?: string;
  readonly ledger: boolean;
  readonly json: boolean;
}

async function play(verb: 'try' | 'act', values: Given): Promise<number> {
  const dir = sandboxDir();
  const { endpoints } = await ensureRunning(dir);
  const { services } = sandboxPaths(dir);
  const key = openVault(services).read('anon_key');
  const { password } = openProject(services).state;
  const signIn = async (role: string) => {
    const client = createClient(endpoints.supabase, key, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
    const { data, error } = await client.auth.signInWithPassword({ email: emailOf(role), password });
    if (error) throw new Error(`${emailOf(role)} cannot sign in: ${error.message}`);
    return { client, token: data.session.access_token };
  };
  const { token } = await signIn(values.role);
  const { tool = 'schedule_session' } = values;
  const response = await fetch(endpoints.supabase + agentPath, {
    method: 'POST',
    headers: { apikey: key, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      message: verb === 'act' ? `use ${tool}` : 'How many sessions are there today?',
      ...(verb === 'try' && values.tool !== undefined && { context: { guardrails: { allowedTools: [tool] } } }),
      ...(values.ledger && { agentWork: {} }),
    }),
  });
  const answer: unknown = await response.json();
  // As somebody of the team would look: row-level security decides what is seen.
  const { client } = await signIn('super_admin');
  const { data } = await client
    .from('agent_execution_traces')
    .select('step_name,status,payload')
    .eq('request_id', response.headers.get('x-request-id') ?? '')
    .order('step_index');
  const steps = stepsBody.parse(data ?? []);
  if (values.json) print(JSON.stringify({ status: response.status, answer, steps }, undefined, 2));
  else {
    print(`${response.status} ${JSON.stringify(answer)}`);
    for (const { step_name: step, status, payload } of steps)
      print(`  ${step.padEnd(29)} ${status.padEnd(7)} ${JSON.stringify(payload)}`);
    if (steps.length === 0) print('  (it traced nothing)');
  }
  return 0;
}

const stepsBody = z.array(z.object({ step_name: z.string(), status: z.string(), payload: z.unknown() }));
