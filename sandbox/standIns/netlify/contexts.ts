/** Deploy contexts that a value can be for; `branch` needs a branch name beside it. */
export const contexts = [
  'all',
  'dev',
  'dev-server',
  'branch-deploy',
  'deploy-preview',
  'production',
  'branch',
] as const;
export type Context = (typeof contexts)[number];
