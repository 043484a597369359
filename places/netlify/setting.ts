import { z } from 'zod';
import { flag, placements } from '../form.ts';
import type { PlaceRules } from '../place.ts';

/** Netlify's scopes as its API spells them in requests. */
export const scopes = ['builds', 'functions', 'runtime', 'post-processing'] as const;

/** What Netlify accepts, and free plans demand, for a secret variable. */
export const secretScopes: readonly string[] = ['builds', 'functions', 'runtime'];

/** A variable of the site, in staging's contexts. `source` is the schema of another source. */
export function netlifyPlacements<Source extends z.ZodType>(source: Source) {
  return placements({
    secret: flag.default(false).describe('Netlify’s secret flag: write-only there, and it cannot be undone.'),
    scopes: z
      .array(z.enum(scopes))
      .min(1)
      .optional()
      .describe(
        'Netlify’s scopes; they need a paid plan. Default: all of them for a plain variable, all but `post-processing` for a secret one.',
      ),
    otherContexts: z
      .record(z.string(), source)
      .default({})
      .describe('The source of its value in each context that is neither staging’s nor production’s.'),
  }).describe('A variable of the site on Netlify, in staging’s contexts. Production’s value is added by `production`.');
}

/** Read-only variables of Netlify's own. */
const own = new Set(
  `NETLIFY NETLIFY_LOCAL NETLIFY_DEV BUILD_ID CONTEXT REPOSITORY_URL BRANCH HEAD COMMIT_REF CACHED_COMMIT_REF PULL_REQUEST
  REVIEW_ID URL DEPLOY_URL DEPLOY_PRIME_URL DEPLOY_ID SITE_NAME SITE_ID ACCOUNT_ID INCOMING_HOOK_TITLE INCOMING_HOOK_URL
  INCOMING_HOOK_BODY`.split(/\s+/),
);

/** Variables of the functions' runtime at AWS, which refuses to deploy a function that sets one. */
const runtime = new Set(
  `AWS_REGION AWS_DEFAULT_REGION AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_EXECUTION_ENV
  AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE
  AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_LAMBDA_RUNTIME_API _HANDLER _X_AMZN_TRACE_ID LAMBDA_TASK_ROOT
  LAMBDA_RUNTIME_DIR`.split(/\s+/),
);

/** Whether a variable of these scopes reaches functions; without scopes it has all of them. */
function reachesFunctions(given: readonly string[] | undefined): boolean {
  return given === undefined || given.includes('functions') || given.includes('runtime');
}

/** Why Netlify has no use for a name; `undefined` for one that it takes. */
export function netlifyRefusal(name: string, given?: readonly string[]): string | undefined {
  if (own.has(name)) return 'is a variable that Netlify sets itself. Give it another name by `as`';
  return runtime.has(name) && reachesFunctions(given)
    ? 'is a variable of the functions’ runtime: no function could be deployed. Give it another name by `as`'
    : undefined;
}

export const netlifyRules: PlaceRules = {
  title: 'Netlify variable',
  secret: false,
  refusal: netlifyRefusal,
  identity: (name) => name,
};
