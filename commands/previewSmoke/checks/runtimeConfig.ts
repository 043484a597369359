import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { isSameProject, referenceAt } from '../../../settings/supabaseAddress.ts';
import { CheckFailure, type Check } from '../check.ts';
import { readSite } from './sitePage.ts';
import type { Target } from '../target.ts';

/** What `/api/runtime-config` must answer, and what is used when it is there. Everything else is the application's affair. */
const shape = z.looseObject({
  supabaseUrl: z.url(),
  supabaseAnonKey: z.string().min(1),
  defaultOrganizationId: z.string().min(1),
  supabaseEdgeUrl: z.url().nullish(),
  agentActionsDisabled: z.boolean().optional().catch(undefined),
});

type Config = z.infer<typeof shape>;

function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function readConfig(text: string): Config {
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

/** The context by the site's own word; `undefined` where it does not say it. */
function checkContext(config: Config, { config: { context }, environment }: Target): string | undefined {
  const told = config[context.field];
  if (typeof told !== 'string') {
    if (!context.told) return undefined;
    throw new CheckFailure('wrong-context', `/api/runtime-config does not say its context (${context.field})`);
  }
  if (told === environment) return told;
  throw new CheckFailure(
    'wrong-context',
    `the function runs as "${told.slice(0, 40)}", not as "${environment}": the deploy got another context's variables`,
  );
}

function checkProject({ supabaseUrl, supabaseEdgeUrl }: Config, target: Target): void {
  if (!isSameProject(supabaseUrl, target.supabaseUrl, target.project)) {
    throw new CheckFailure(
      'wrong-supabase',
      `the function uses another Supabase project than ${target.supabaseUrl}; a custom domain of that one is declared as SUPABASE_URL`,
    );
  }
  // Functions have a host of their own in Supabase's older form: REF.functions.supabase.co.
  const reference = referenceAt(target.supabaseUrl, target.project);
  const functionsHost = reference && `${reference}.functions.supabase.co`;
  const edge = supabaseEdgeUrl ?? supabaseUrl;
  if (!isSameProject(edge, target.supabaseUrl, target.project) && new URL(edge).hostname !== functionsHost) {
    throw new CheckFailure('wrong-supabase', "supabaseEdgeUrl leads to another project's functions");
  }
}

/** What the running function reads: the only proof of the context that the server chose. */
export const runtimeConfig: Check = {
  name: 'runtime-config',
  title: 'The running site reads staging’s values',
  transientClass: 'unreachable',
  async run(target) {
    const config = readConfig((await readSite(`${target.url}/api/runtime-config`, target)).text);
    try {
      checkProject(config, target);
    } catch (error) {
      target.seen.foreign = true;
      throw error;
    }
    const key = target.keys.find(({ value }) => equal(config.supabaseAnonKey, value));
    if (!key) {
      const declared = target.keys.map(({ name }) => name).join(', ');
      throw new CheckFailure('wrong-supabase', `the function hands out another key than the declared (${declared})`);
    }
    target.seen.key = key;
    if (!equal(config.defaultOrganizationId, target.organizationId)) {
      throw new CheckFailure(
        'wrong-organization',
        "DEFAULT_ORGANIZATION_ID of the running site differs from the job's own secret",
      );
    }
    const context = checkContext(config, target);
    return {
      detail: `on the expected project with ${key.name}, for the expected organisation; ${context === undefined ? 'the site does not say its context' : `runs as ${context}`}`,
      facts: {
        supabaseUrl: target.supabaseUrl,
        key: key.name,
        organizationMatches: true,
        context: context ?? 'not said, not checked',
        ...(config.agentActionsDisabled !== undefined && {
          agentActionsDisabledByEnvironment: config.agentActionsDisabled,
        }),
      },
    };
  },
};
