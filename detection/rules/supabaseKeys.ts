import { tokenRule } from '../rule.ts';

/** Supabase's secret API keys of the new generation: full access past row-level security, like the old service_role key. */
export const supabaseSecretKey = tokenRule({
  id: 'supabase-secret-key',
  summary: 'Supabase secret key (full access past row-level security)',
  fix: 'Revoke the key in Supabase (Settings → API keys), keep the new one in 1Password, and refer to it as op://vault/item/field.',
  shapes: [{ pattern: /(?<![A-Za-z0-9])sb_secret_[A-Za-z0-9_-]{16,80}/g, hints: ['sb_secret_'] }],
});

/** Supabase's publishable keys are made for browsers; in a commit they are untidy, not dangerous. */
export const supabasePublishableKey = tokenRule({
  id: 'supabase-publishable-key',
  severity: 'warning',
  summary: 'Supabase publishable key (made for browsers; row-level security must hold)',
  fix: 'Fine to publish. Prefer a setting over a literal, so that each environment can have its own.',
  shapes: [{ pattern: /(?<![A-Za-z0-9])sb_publishable_[A-Za-z0-9_-]{16,80}/g, hints: ['sb_publishable_'] }],
});

/** Personal and OAuth access tokens of Supabase's management API. */
export const supabaseAccessToken = tokenRule({
  id: 'supabase-access-token',
  summary: 'Supabase access token (manages every project of its owner)',
  fix: 'Revoke the token in Supabase (Account → Access tokens), keep the new one in 1Password, and refer to it as op://vault/item/field.',
  shapes: [{ pattern: /(?<![A-Za-z0-9])sbp_(?:oauth_|v0_)?[A-Za-z0-9]{32,64}(?![A-Za-z0-9])/g, hints: ['sbp_'] }],
});
