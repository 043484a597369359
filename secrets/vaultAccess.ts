/** How this process may read the vault. */
export type VaultAccess =
  | { readonly kind: 'service-account'; readonly token: string }
  | { readonly kind: 'desktop'; readonly account: string }
  | { readonly kind: 'none' };

/**
 * Decides from the environment: `STAGING_VAULT=off` reads no vault; else `OP_SERVICE_ACCOUNT_TOKEN` (CI), else
 * `OP_ACCOUNT` (a person's laptop, by the 1Password app), else none. A token that does not work is an error later,
 * never a silent `none`.
 */
export function vaultAccess(env: NodeJS.ProcessEnv = process.env): VaultAccess {
  if (env.STAGING_VAULT === 'off') return { kind: 'none' };
  if (env.OP_SERVICE_ACCOUNT_TOKEN) return { kind: 'service-account', token: env.OP_SERVICE_ACCOUNT_TOKEN };
  if (env.OP_ACCOUNT) return { kind: 'desktop', account: env.OP_ACCOUNT };
  return { kind: 'none' };
}
