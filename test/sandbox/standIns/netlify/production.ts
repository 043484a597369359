import type { StartOptions } from './running.ts';

/** What the stand-in shows in place of a secret. */
export const mask = '*'.repeat(20);

/** The scopes that a secret may have. */
export const secretScopes = ['builds', 'functions', 'runtime'] as const;

/** Production's values of one plain and one secret key, and a key of nobody's concern. */
export const seed: NonNullable<StartOptions['seed']> = {
  variables: [
    { key: 'SUPABASE_URL', values: [{ context: 'all', value: 'https://production.example.com' }] },
    {
      key: 'SERVICE_KEY',
      isSecret: true,
      values: [
        { context: 'production', value: 'production-key' },
        { context: 'dev', value: 'dev-key' },
      ],
    },
    { key: 'UNRELATED', values: [{ context: 'production', value: 'untouched' }], scopes: ['builds'] },
  ],
};

/** The seed's values, as `values()` shows them. */
export const seeded = {
  'SUPABASE_URL all': 'https://production.example.com',
  'SERVICE_KEY production': 'production-key',
  'SERVICE_KEY dev': 'dev-key',
  'UNRELATED production': 'untouched',
};

/** A plain variable with one value, as a request gives it. */
export const plain = (key: string, context: string, value: string, more: object = {}) => ({
  key,
  is_secret: false,
  values: [{ context, value }],
  ...more,
});
