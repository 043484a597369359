import { describe, expect, it } from '@jest/globals';
import { databaseUrl, openDatabase } from '../../../killSwitch/access.ts';
import { fileSettings } from '../../../settings/stack/file.ts';
import { fixtureRoot } from '../../support/fixture.ts';

const settings = fileSettings(fixtureRoot);
const token = (role: string) => {
  const part = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const signature = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256)).toString(
    'base64url',
  );
  return [part({ alg: 'HS256', typ: 'JWT' }), part({ iss: 'supabase', role, iat: 1_700_000_000 }), signature].join('.');
};
const open = (key: string) =>
  openDatabase(settings, { STAGING_SUPABASE_URL: 'http://127.0.0.1:1', SUPABASE_SERVICE_ROLE_KEY: key });

describe('the key of the kill switch’s row', () => {
  // To such a key a table with a row and one without look alike: "agents act" would be a guess.
  it.each([
    ['the anon key', token('anon')],
    ['a publishable key', ['sb', 'publishable', 'x'.repeat(24)].join('_')],
  ])('is not %s', async (_, key) => {
    await expect(open(key)).rejects.toMatchObject({ status: 401, message: expect.not.stringContaining(key) });
  });

  it.each([
    ['the service-role key', token('service_role')],
    ['a secret key', ['sb', 'secret', 'x'.repeat(24)].join('_')],
  ])('is %s', async (_, key) => {
    await expect(open(key)).resolves.toBeDefined();
  });
});

describe('STAGING_SUPABASE_URL', () => {
  const other = 'bcdfghjklmnpqrstvwxz';
  const at = (address: string) => () => databaseUrl(settings, { STAGING_SUPABASE_URL: address });

  it('stands for the project of the stack, and is refused where it is another hosted one', () => {
    expect(at(`https://${other}.supabase.co`)).toThrow(
      `STAGING_SUPABASE_URL is the address of the project ${other}, and this stack’s project is ${settings.supabase.project}`,
    );
    for (const fine of [`https://${settings.supabase.project}.supabase.co`, 'https://proxy.example'])
      expect(at(fine)()).toBe(fine);
  });
});
