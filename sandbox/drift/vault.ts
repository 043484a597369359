import type { Injection } from './injection.ts';

const made = () => ['made', 'for', 'the', 'test', String(Date.now())].join('-');

/** What people do in 1Password. */
export const vaultInjections: Readonly<Record<string, Injection>> = {
  'vault-reference-broken': {
    title: 'remove the field netlify_auth_token',
    // No update can run then, so nothing that an update fixes can stand beside it.
    touches: ['vault/update'],
    inject: ({ vault }) => vault.remove('netlify_auth_token'),
  },
  'vault-value-changed': {
    title: 'rotate slack_webhook_url in the vault',
    touches: ['vault/update', 'secret/SLACK_WEBHOOK_URL'],
    inject: ({ vault }) => vault.rotate('slack_webhook_url'),
  },
  'vault-production-value-changed': {
    title: 'change production’s anon key in the vault',
    touches: ['vault/production'],
    inject: ({ vault }) => vault.set('production_anon_key', made()),
  },
};
