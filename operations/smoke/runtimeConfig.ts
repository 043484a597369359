import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { fetchWhole } from '../retry.ts';
import { CheckFailure, type Check } from './check.ts';

/** What `/api/runtime-config` answers. More fields are the application's affair. */
const shape = z.object({
  runtimeEnv: z.string(),
  supabaseUrl: z.url(),
  supabaseAnonKey: z.string().min(1),
  defaultOrganizationId: z.string().min(1),
  agentActionsDisabled: z.boolean(),
});

function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function readConfig(text: string): z.infer<typeof shape> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CheckFailure('bad-answer', '/api/runtime-config does not answer JSON (is the function deployed?)');
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole').join(', ');
  throw new CheckFailure('bad-answer', `/api/runtime-config lacks or misspells: ${fields}`);
}

/** What the running function reads: the only proof of the context that the server chose. */
export const runtimeConfig: Check = {
  name: 'runtime-config',
  title: 'The running site reads staging’s values',
  transientClass: 'unreachable',
  async run(target) {
    const answer = await fetchWhole(`${target.url}/api/runtime-config`, target.timeoutMs, {
      headers: { accept: 'application/json', 'cache-control': 'no-cache' },
    });
    if (answer.status !== 200) {
      throw new CheckFailure('bad-answer', `/api/runtime-config answers ${answer.status}`);
    }
    const config = readConfig(answer.text);
    if (config.runtimeEnv !== target.environment) {
      throw new CheckFailure(
        'wrong-context',
        `the function runs as "${config.runtimeEnv.slice(0, 40)}", not as "${target.environment}": the deploy got another context's variables`,
      );
    }
    if (config.supabaseUrl.replace(/\/+$/, '') !== target.supabaseUrl) {
      throw new CheckFailure('wrong-supabase', `the function uses another Supabase project than ${target.supabaseUrl}`);
    }
    if (!equal(config.supabaseAnonKey, target.anonKey)) {
      throw new CheckFailure('wrong-supabase', "the function hands out another anon key than the project's");
    }
    if (!equal(config.defaultOrganizationId, target.organizationId)) {
      throw new CheckFailure(
        'wrong-organization',
        "DEFAULT_ORGANIZATION_ID of the running site differs from the job's own secret",
      );
    }
    return {
      detail: `runs as ${config.runtimeEnv} on the shared project, for the expected organisation`,
      facts: {
        runtimeEnv: config.runtimeEnv,
        supabaseUrl: config.supabaseUrl,
        organizationMatches: true,
        agentActionsDisabledByEnvironment: config.agentActionsDisabled,
      },
    };
  },
};
