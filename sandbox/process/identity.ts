/** Who the sandbox plays: the fixed, public names that its stand-ins share. None of them is a secret. */

/** The Netlify site and the team (account) that owns it. */
export const site = {
  id: '5f1d3c9e-7a42-4b0e-9c58-2e6a80d4b713',
  name: 'AllIincompassing',
  accountId: '64b7f02ac1d95e0008f3a6b2',
  accountSlug: 'allincompassing',
} as const;

/** The application's repository. */
export const github = { owner: 'allincompassing', repository: 'allincompassing' } as const;

/** The Supabase project that all environments share. */
export const supabase = {
  projectRef: 'wnnjeqheqxxyrgsjmygy',
  url: 'https://wnnjeqheqxxyrgsjmygy.supabase.co',
} as const;

/** Where the deploy job puts staging (its alias: pipeline/template/ci.yml). */
export const stagingAddress = 'https://staging--allincompassing.netlify.app';
