import { describe, expect, it, jest } from '@jest/globals';

class DesktopAuth {
  readonly account: string;
  constructor(account: string) {
    this.account = account;
  }
}
const createClient = jest.fn<(configuration: { auth: unknown }) => Promise<unknown>>();
jest.mock('@1password/sdk', () => ({ createClient, DesktopAuth }));

describe('the sign-in by the 1Password app on a person’s laptop', () => {
  const wanted = [{ reference: 'op://Platform/Supabase/url', wantedBy: 'SUPABASE_URL (Netlify)' }];
  const read = async () => {
    const { resolveReferences } = await import('../../secrets/vault.ts');
    return resolveReferences({ kind: 'desktop', account: 'my-team.1password.com' }, wanted);
  };

  it('asks the app for the account, by the SDK’s own means', async () => {
    const content = { secret: 'x'.repeat(8), itemId: 'i', vaultId: 'v' };
    const resolveAll = (references: string[]) =>
      Promise.resolve({ individualResponses: { [references[0] ?? '']: { content, error: null } } });
    createClient.mockResolvedValueOnce({ secrets: { resolveAll } });
    const secrets = await read();
    expect(secrets.get('op://Platform/Supabase/url')?.reveal()).toBe(content.secret);
    const [{ auth }] = createClient.mock.calls[0] ?? [{ auth: undefined }];
    expect(auth).toBeInstanceOf(DesktopAuth);
    expect((auth as DesktopAuth).account).toBe('my-team.1password.com');
  });

  it('says what to do in the app when it did not authorise the process', async () => {
    createClient.mockRejectedValueOnce(new Error('desktop application connection refused'));
    await expect(read()).rejects.toThrow(
      /the 1Password app did not authorise this process; nothing was changed. Unlock the app/i,
    );
  });
});
