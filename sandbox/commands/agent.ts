import { parseArgs } from 'node:util';
import { createClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { ensureRunning } from '../process/background.ts';
import { openVault } from '../standIns/onepassword/index.ts';
import { sandboxPaths } from '../process/paths.ts';
import { agentPath } from '../standIns/supabase/agent/agent.ts';
import { emailOf, openProject, roles } from '../stack/supabaseProject.ts';
import { print, type Subcommand, UsageError } from './subcommand.ts';

export const agent: Subcommand = {
  usage: 'try|act [--role ROLE] [--tool TOOL] [--ledger] [--json]',
  summary: 'play an agent: ask the application’s agent as one of its users, and show what it traced',
  details:
    '  try   asks for an answer; with --tool it asks to be allowed that tool\n' +
    '  act   makes it want the tool (default: schedule_session)\n' +
    `  --role ROLE  ${roles.join(', ')} (default: therapist)\n` +
    '  --ledger     as work of the ledger, which the newest application knows: no step records the gate\n' +
    'The kill switch decides: npm run sandbox -- exec npm run kill-switch -- status\n' +
    'Exit code 0: it answered or refused.',
  async run(args, dir) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        role: { type: 'string', default: 'therapist' },
        tool: { type: 'string' },
        ledger: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    const [verb, ...more] = positionals;
    if (more.length > 0 || (verb !== 'try' && verb !== 'act')) throw new UsageError('agent takes try or act.');
    if (!(roles as readonly string[]).includes(values.role))
      throw new UsageError(`--role is one of ${roles.join(', ')}.`);
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
    // As a person of the team would read it: row-level security decides what is seen.
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
  },
};

const stepsBody = z.array(z.object({ step_name: z.string(), status: z.string(), payload: z.unknown() }));
