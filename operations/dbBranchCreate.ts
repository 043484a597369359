import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { exitCode, runCommand, UsageError } from './cli.ts';
import { createRedactor, sensitiveValues } from './redact.ts';
import { fetchWhole, retry } from './retry.ts';

const help = `
Makes a Supabase branch of the shared project for a schema change, and waits until it is healthy. Never makes a project.

  npm run db:branch:create -- NAME [--project REF] [--timeout MINUTES]

Environment: SUPABASE_ACCESS_TOKEN (required), SUPABASE_PROJECT_REF (default wnnjeqheqxxyrgsjmygy),
SUPABASE_API_URL (default https://api.supabase.com).

Exit code: 0 the branch is healthy, 1 error.
`;

const branch = z.object({ id: z.string(), name: z.string(), project_ref: z.string(), status: z.string() });
const healthy = new Set(['ACTIVE_HEALTHY', 'FUNCTIONS_DEPLOYED', 'MIGRATIONS_PASSED']);
const failed = new Set(['MIGRATIONS_FAILED', 'FUNCTIONS_FAILED', 'INIT_FAILED', 'REMOVED']);

interface Api {
  readonly project: string;
  readonly token: string;
  readonly base: string;
}

async function call(api: Api, method: 'GET' | 'POST', body?: unknown): Promise<unknown> {
  const redact = createRedactor(sensitiveValues(process.env));
  // Only reading may be repeated: a second POST could make a second branch.
  const answer = await retry({ attempts: method === 'GET' ? 4 : 1, pauseMs: 1000, longestPauseMs: 30_000 }, () =>
    fetchWhole(`${api.base}/v1/projects/${encodeURIComponent(api.project)}/branches`, 30_000, {
      method,
      headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  if (answer.status < 300) return JSON.parse(answer.text);
  const advice: Readonly<Record<number, string>> = {
    401: 'SUPABASE_ACCESS_TOKEN is wrong or has expired: make a new one in the dashboard under Account → Access tokens',
    403: 'the token may not manage branches of this project',
    404: `there is no project ${api.project}, or the token may not see it`,
    409: 'there is a branch of this name already',
  };
  throw new Error(redact(`Supabase answers ${answer.status}: ${advice[answer.status] ?? answer.text.slice(0, 200)}`));
}

async function waitUntilHealthy(api: Api, name: string, minutes: number): Promise<z.infer<typeof branch>> {
  const deadline = Date.now() + minutes * 60_000;
  for (;;) {
    const found = z
      .array(branch)
      .parse(await call(api, 'GET'))
      .find((one) => one.name === name);
    if (found && healthy.has(found.status)) return found;
    if (found && failed.has(found.status))
      throw new Error(`The branch ${name} ended as ${found.status}. See its logs in the dashboard.`);
    if (Date.now() > deadline)
      throw new Error(`The branch ${name} is ${found?.status ?? 'not there'} after ${minutes} minutes.`);
    process.stderr.write(`${name}: ${found?.status ?? 'not there yet'} …\n`);
    await sleep(Number(process.env.SUPABASE_POLL_SECONDS ?? 5) * 1000);
  }
}

void runCommand({
  help,
  options: { project: { type: 'string' }, timeout: { type: 'string', default: '15' } },
  async run(values, [name, ...rest]) {
    if (name === undefined || rest.length > 0 || !/^[\w][\w./-]{0,99}$/.test(name)) {
      throw new UsageError('Give the one name of the branch: letters, digits, . _ / and -.');
    }
    const { SUPABASE_ACCESS_TOKEN: token, SUPABASE_PROJECT_REF, SUPABASE_API_URL } = process.env;
    if (!token) throw new Error('SUPABASE_ACCESS_TOKEN is not set. Export a personal access token of Supabase.');
    const minutes = Number(values.timeout);
    if (!(minutes > 0)) throw new UsageError('--timeout is a number of minutes.');
    const api = {
      project: values.project ?? SUPABASE_PROJECT_REF ?? 'wnnjeqheqxxyrgsjmygy',
      token,
      base: (SUPABASE_API_URL ?? 'https://api.supabase.com').replace(/\/+$/, ''),
    };
    const existing = z.array(branch).parse(await call(api, 'GET'));
    if (existing.some((one) => one.name === name)) throw new Error(`There is a branch ${name} already.`);
    await call(api, 'POST', { branch_name: name });
    const made = await waitUntilHealthy(api, name, minutes);
    process.stdout.write(`Branch ${made.name}: ${made.status}, https://${made.project_ref}.supabase.co\n`);
    return exitCode.fine;
  },
});
