import type { ReaderPlace } from './readers.ts';

/** Names that whatever runs a program sets by itself, or that belong to the machine: no team declares them. */
const machine = names(
  'NODE_ENV NODE_OPTIONS CI HOME PATH USER LOGNAME USERNAME USERPROFILE SHELL TMPDIR TEMP TMP TZ LANG TERM PWD EDITOR',
  'COLUMNS NO_COLOR FORCE_COLOR DEBUG APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES SYSTEMROOT WINDIR COMSPEC OS INIT_CWD',
  'HOSTNAME HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY XDG_* npm_* VITEST VITEST_* JEST_WORKER_ID NODE_TLS_REJECT_UNAUTHORIZED',
  'GITHUB_* RUNNER_* ACTIONS_*',
);

/** https://docs.netlify.com/build/configure-builds/environment-variables/ */
const netlify = names(
  'NETLIFY NETLIFY_DEV NETLIFY_LOCAL NETLIFY_IMAGES_CDN_DOMAIN BUILD_ID CONTEXT REPOSITORY_URL BRANCH HEAD COMMIT_REF CACHED_COMMIT_REF',
  'PULL_REQUEST REVIEW_ID URL DEPLOY_URL DEPLOY_PRIME_URL DEPLOY_ID SITE_NAME SITE_ID ACCOUNT_ID NODE_VERSION INCOMING_HOOK_*',
  'AWS_REGION AWS_DEFAULT_REGION AWS_LAMBDA_* AWS_EXECUTION_ENV LAMBDA_* _HANDLER',
);

const byPlace: Readonly<Record<ReaderPlace, readonly string[]>> = {
  build: [...netlify, 'MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL'],
  netlifyFunction: netlify,
  // https://supabase.com/docs/guides/functions/secrets: set by Supabase, or refused by it.
  edgeFunction: names('SUPABASE_* SB_* DENO_*'),
  workflow: ['GITHUB_TOKEN'],
  script: [],
  test: ['MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL'],
  unused: [],
};

/** Whether the place itself provides a name, so that it needs no declaration there. */
export function isProvided(name: string, place: ReaderPlace): boolean {
  return [...machine, ...byPlace[place]].some((known) =>
    known.endsWith('*')
      ? name.startsWith(known.slice(0, -1)) || name.toLowerCase().startsWith(known.slice(0, -1))
      : name.toUpperCase() === known.toUpperCase(),
  );
}

/** Names as words of some lines; one that ends in `*` stands for all that begin so. */
function names(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' '));
}
