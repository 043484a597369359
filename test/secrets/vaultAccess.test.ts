import { describe, expect, it } from '@jest/globals';
import { vaultAccess } from '../../secrets/vaultAccess.ts';

const OP_SERVICE_ACCOUNT_TOKEN = ['ops', 'example'].join('-');

describe('access to the vault', () => {
  it.each(['off', 'Off', 'OFF'])('is none with STAGING_VAULT=%s', (STAGING_VAULT) => {
    expect(vaultAccess({ STAGING_VAULT, OP_SERVICE_ACCOUNT_TOKEN })).toEqual({ kind: 'none' });
  });

  it.each([undefined, '', 'on'])('is what the tokens give with STAGING_VAULT %p', (STAGING_VAULT) => {
    const env = STAGING_VAULT === undefined ? {} : { STAGING_VAULT };
    expect(vaultAccess({ ...env, OP_SERVICE_ACCOUNT_TOKEN, OP_ACCOUNT: 'team' }).kind).toBe('service-account');
    expect(vaultAccess({ ...env, OP_ACCOUNT: 'team' })).toEqual({ kind: 'desktop', account: 'team' });
    expect(vaultAccess(env)).toEqual({ kind: 'none' });
  });

  it.each(['false', '0', 'no'])('is refused with STAGING_VAULT=%s: it must not be read by mistake', (STAGING_VAULT) => {
    expect(() => vaultAccess({ STAGING_VAULT, OP_SERVICE_ACCOUNT_TOKEN })).toThrow('neither `on` nor `off`');
  });
});
