/** How this process may read the vault. */
export type VaultAccess =
  | { readonly kind: 'service-account'; readonly token: string }
  | { readonly kind: 'desktop'; readonly account: string }
  | { readonly kind: 'none' };

/**
 * Decides from the environment: `STAGING_VAULT=off` reads no vault (`on` is as good as unset); else `OP_SERVICE_ACCOUNT_TOKEN` (CI), else
 * `OP_ACCOUNT` (a person's laptop, by the 1Password app), else none. A token that does not work is an error later,
 * never a silent `none`; so is a word that might have meant `off`.
 */
export function vaultAccess(env: NodeJS.ProcessEnv = process.env): VaultAccess {
  const wanted = env.STAGING_VAULT?.toLowerCase() ?? '';
  if (wanted === 'off') return { kind: 'none' };
  if (wanted !== '' && wanted !== 'on')
    throw new Error('STAGING_VAULT is neither `on` nor `off`. Unset it, or set it to `off` to go without 1Password.');
  if (env.OP_SERVICE_ACCOUNT_TOKEN) return { kind: 'service-account', token: env.OP_SERVICE_ACCOUNT_TOKEN };
  if (env.OP_ACCOUNT) return { kind: 'desktop', account: env.OP_ACCOUNT };
  return { kind: 'none' };
}
