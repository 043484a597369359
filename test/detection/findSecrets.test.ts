import { describe, expect, it } from '@jest/globals';
import { findSecrets } from '../../detection/findSecrets.ts';
import { isSensitiveName } from '../../detection/names.ts';
import { positionAt } from '../../detection/text/position.ts';
import { valueSearch } from '../../detection/text/valueSearch.ts';
import { anonKey } from './corpus/kinds.ts';
import { made, random, shapeless } from '../policies/support/made.ts';

const rules = (text: string) => findSecrets(text).map(({ rule }) => rule);

describe('findSecrets', () => {
  it('tells Supabase’s keys apart, in both generations', () => {
    expect(rules(made('Supabase service_role key'))).toEqual(['supabase-service-role-key']);
    expect(rules(anonKey(random))).toEqual(['supabase-anon-key']);
    expect(rules(made('Supabase secret key'))).toEqual(['supabase-secret-key']);
    expect(rules(`sb_publishable_${random.base62(31)}`)).toEqual(['supabase-publishable-key']);
  });

  it('reads through the escapes of JSON, of JSON in JSON, and of HTML', () => {
    const webhook = made('Slack webhook');
    expect(rules(`{"a":"x\\n${made('npm token')}\\n"}`)).toEqual(['package-registry-token']);
    expect(rules(JSON.stringify(JSON.stringify({ a: `x\n${made('GitHub app token')}` })))).toEqual(['github-token']);
    expect(rules(webhook.replaceAll('/', '\\/'))).toEqual(['slack-secret']);
    expect(rules(`<a title="&quot;${made('Stripe live key')}&quot;">`)).toEqual(['vendor-token']);
  });

  it('gives the place in the original text, not in the one it read', () => {
    const token = made('GitHub classic token');
    const text = `a\\n\\n\\tb "c\\"\n  "${token}"`;
    const [finding] = findSecrets(text);
    expect(text.slice(finding?.start, finding?.end)).toBe(token);
    expect(positionAt(text, finding?.start ?? 0)).toEqual({ line: 2, column: 4 });
  });

  it('reads through base64, as Kubernetes keeps secrets', () => {
    const text = `data:\n  anything: ${Buffer.from(`x ${made('Supabase access token')}`).toString('base64')}\n`;
    expect(rules(text)).toEqual(['supabase-access-token']);
  });

  it('finds base64 that spells a short word by chance', () => {
    const value = `Foo/${random.bytes(12).toString('base64')}+BAR/${random.bytes(12).toString('base64')}`;
    expect(rules(`session_key = "${value}"\n`)).toEqual(['secret-under-sensitive-name']);
  });

  it('finds a value that ends in the padding of base64, with and without quotes', () => {
    for (let bytes = 24; bytes < 48; bytes++) {
      const value = random.bytes(bytes).toString('base64');
      for (const text of [
        `data:\n  SESSION_KEY: ${value}\n`,
        `session_key = "${value}"\n`,
        `the secret key is ${value}\n`,
      ])
        expect(rules(text)).toEqual(['secret-under-sensitive-name']);
    }
  });

  it('finds passwords under short names, and 1Password’s tokens of any payload', () => {
    const password = `${random.base62(5)}7!${random.base62(6)}x`;
    expect(rules(`[smtp]\nuser = app\npass = ${password}\n`)).toEqual(['secret-under-sensitive-name']);
    expect(rules(`SMTP_PASS=${password}\nRETRIES=3\n`)).toEqual(['secret-under-sensitive-name']);
    expect(rules(`x = ops_${random.base62(200)}`)).toEqual(['onepassword-token']);
    expect(rules(`x = EAAA${random.base64url(59)}a`)).toEqual(['vendor-token']);
  });

  it.each([
    ['backslashes', '\\'.repeat(1_000_000)],
    ['blanks after a name', `password ${' '.repeat(1_000_000)}`],
    ['names without a value', 'token='.repeat(100_000)],
    ['names that open an object', 'token: {'.repeat(100_000)],
    ['names that open a block', 'token:\n'.repeat(100_000)],
  ])('takes no longer than its text over %s', (_what, text) => {
    expect(rules(text)).toEqual([]); // quadratic: half a minute
  });

  it('cannot be silenced by a comment', () => {
    const text = `// secretlint-disable\n// gitleaks:allow\nx('${made('npm token')}'); // secretlint-disable-line\n`;
    expect(rules(text)).toEqual(['package-registry-token']);
  });

  it.each([
    '',
    '****',
    'op://Platform/Supabase/key',
    '${{ secrets.API_KEY }}',
    'process.env.API_KEY',
    '<your-key>',
    '$API_KEY',
    '{{ api_key }}',
  ])('takes %j for a placeholder', (value) => {
    expect(rules(`API_KEY=${value}\napiKey: "${value}"\n`)).toEqual([]);
  });

  it('never carries the value', () => {
    const token = made('Pulumi token');
    expect(JSON.stringify(findSecrets(`TOKEN=${token}`))).not.toContain(token.slice(4));
  });
});

describe('isSensitiveName', () => {
  it.each([
    'OPENAI_API_KEY',
    'SUPABASE_SERVICE_ROLE_KEY',
    'NETLIFY_AUTH_TOKEN',
    'dbPassword',
    'clientSecret',
    'SLACK_WEBHOOK_URL',
    'jwt_secret',
    's3_secret_access_key',
  ])('says yes to %s', (name) => {
    expect(isSensitiveName(name)).toBe(true);
  });

  it.each([
    'SUPABASE_ANON_KEY',
    'SUPABASE_URL',
    'DEFAULT_ORGANIZATION_ID',
    'NETLIFY_STAGING_SITE_ID',
    'publicKey',
    'anonKey',
    'tokenUrl',
    'secretName',
    'cacheKey',
    'AGENT_ACTIONS_DISABLED',
    'csrfToken',
  ])('says no to %s', (name) => {
    expect(isSensitiveName(name)).toBe(false);
  });
});

describe('valueSearch', () => {
  const value = `${shapeless()}"/+ä`;
  const search = valueSearch([{ name: 'KEY', reveal: () => value }]);

  it.each([
    ['as it is', value],
    ['as JSON', JSON.stringify({ a: value })],
    ['as JSON with escaped slashes', JSON.stringify({ a: value }).replaceAll('/', '\\/')],
    ['in a URL', `https://acme.dev/?k=${encodeURIComponent(value)}`],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64 after one byte', Buffer.from(`x${value}y`).toString('base64')],
    ['in base64 after two bytes', Buffer.from(`xx${value}yyy`).toString('base64')],
    ['in base64 for URLs', Buffer.from(`xyz${value}`).toString('base64url')],
  ])('finds a value %s', (_how, text) => {
    expect(search(`before ${text} after`).map(({ name }) => name)).toEqual(['KEY']);
  });

  it('finds a line of a key of several lines', () => {
    const lines = [shapeless(), shapeless(), shapeless()];
    const find = valueSearch([{ name: 'PEM', reveal: () => lines.join('\n') }]);
    expect(find(`x = """\n    ${lines[1] ?? ''}\n"""`).map(({ name }) => name)).toEqual(['PEM']);
  });

  it('leaves values out that are too short to tell', () => {
    expect(valueSearch([{ name: 'FLAG', reveal: () => 'true' }])('true '.repeat(9))).toEqual([]);
  });
});
