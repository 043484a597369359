/** The one hosted Supabase project of all environments: what happens to it happens to production. */
export const sharedProject = {
  ref: 'wnnjeqheqxxyrgsjmygy',
  url: 'https://wnnjeqheqxxyrgsjmygy.supabase.co',
} as const;
