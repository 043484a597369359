import { describe, expect, it } from '@jest/globals';
import { findSecrets } from '../../detection/findSecrets.ts';
import { harmlessForms } from '../../detection/harmlessValue.ts';
import { isSensitiveName } from '../../detection/names.ts';
import { isPlaceholder } from '../../detection/placeholder.ts';
import { digits, lower, upper } from '../detection/corpus/random.ts';
import { secretReason } from '../../policies/shared/secretValue.ts';
import { random as r } from '../policies/support/made.ts';

const severities = (text: string) => findSecrets(text).map(({ severity }) => severity);
const generated = (length: number) => `${r.base62(length - 4)}7xQ2`;
const base64 = (length: number) => r.bytes(length).toString('base64').slice(0, length);
const year = '2026';

describe('beside what is silent, the scan finds', () => {
  it.each<readonly [string, () => string, () => string]>([
    [
      'a name of a template',
      () => `template_key: "welcome_mail_v${year}_05",`,
      () => `template_key: "${generated(40)}",`,
    ],
    ['a name of a feature', () => `FEATURE_KEY=new-editor-panel-${year}`, () => `FEATURE_KEY=${generated(40)}`],
    ['a message', () => `message_key = "errors.form_invalid.v2"`, () => `message_key = "${r.hex(40)}"`],
    ['a batch', () => `API_KEY=customer-import-batch_${year}-05-21`, () => `API_KEY=${generated(12)}-${generated(12)}`],
    ['a label', () => `password: enter-your-password-${year}`, () => `PASSWORD=granite-meadow-${year}`],
    [
      'a field',
      () => `<input name="password" class="form-control-lg-2">`,
      () => `smtp_password: "granite-meadow-${year}"`,
    ],
    ['a member', () => `const password = form.fields.second2;`, () => `PASSPHRASE='granite-meadow-otter-lantern'`],
    ['a file of a key', () => `PRIVATE_KEY=certificates/server-${year}.key`, () => `PRIVATE_KEY=${generated(32)}.key`],
    ['a file of a certificate', () => `secret: ./config/tls/server2.pem`, () => `secret: ${generated(32)}.pem`],
    ['a bundle', () => `token: assets/index-B7x2Kq9d.js`, () => `token: ${generated(32)}.js`],
    [
      'what Renovate encrypted',
      () => `{"encrypted": {"token": "${base64(172)}"}}`,
      () => `{"encrypted": {"token": "${generated(40)}"}}`,
    ],
    ['what dotenvx encrypted', () => `API_KEY="encrypted:${base64(88)}"`, () => `API_KEY="encrypted:${generated(40)}"`],
    [
      'the search key of DocSearch',
      () => `docsearch({ apiKey: '${r.hex(32)}', indexName: 'docs' })`,
      () => `new Vectors({ apiKey: '${generated(36)}', indexName: 'docs' })`,
    ],
    [
      'a search key beside its application',
      () => `{ appId: 'ABCDEFGHI1', apiKey: '${r.hex(32)}', indexName: 'docs' }`,
      () => `{ apiKey: '${r.hex(32)}' }, { indexName: 'docs' }`,
    ],
    ['the signing key of git', () => `\tsigningkey = ${r.hex(40)}`, () => `jwt.signingKey = ${r.hex(40)}`],
    ['a test', () => `token: 'test-token-for-${year}'`, () => `ACCESS_TOKEN=FOO-${generated(39)}`],
    ['an option', () => `token = scope=repo&client_id=abcdefgh1234`, () => `DB_PASSWORD=k3y=${generated(14)}!`],
    ['an empty setting', () => `TOKEN=\nREVISION=${r.hex(40)}`, () => `TOKEN:\n  ${r.base62(43)}=`],
    [
      'a key that is empty',
      () => `<key>TOKEN</key>\n<string></string>`,
      () => `<key>TOKEN</key>\n<string>${r.base62(43)}=</string>`,
    ],
    ['a comment', () => `TOKEN:\n  #${r.hex(40)}`, () => `TOKEN:\n  /${generated(39)}`],
  ])('%s', (_kind, silent, secret) => {
    expect(severities(`a: 1\n${silent()}\n`)).toEqual([]);
    expect(severities(`a: 1\n${secret()}\n`)).toEqual(['error']);
  });

  it('a UUID: an error under the name of an access token, a warning under another, nothing in an address', () => {
    expect(severities(`ACCESS_TOKEN=${r.uuid()}\n`)).toEqual(['error']);
    expect(severities(`api_token=${r.uuid()}\n`)).toEqual(['error']);
    expect(severities(`share_token=${r.uuid()}\n`)).toEqual(['warning']);
    expect(severities(`open('/new?share_token=${r.uuid()}');\n`)).toEqual([]);
    expect(severities(`project_id=${r.uuid()}\n`)).toEqual([]);
  });
});

describe('policies and redaction', () => {
  it.each(['template_key', 'FEATURE_KEY', 'message_key', 'version_key', 'LAYOUT_KEY', 'SHARED_TOKEN'])(
    'take %s for sensitive',
    (name) => {
      expect(isSensitiveName(name)).toBe(true);
    },
  );

  it('take a passphrase for a secret, and a word for none', () => {
    expect(secretReason('DB_PASSWORD', `granite-meadow-${year}`)).toMatch(/passphrase/);
    expect(secretReason('DB_PASSWORD', 'changeit')).toBeUndefined();
    expect(secretReason('RELEASE_NAME', `granite-meadow-${year}`)).toBeUndefined();
  });
});

describe('no form takes what a generator made', () => {
  const alphanumeric = upper + lower + digits;
  const makers: readonly (readonly [string, () => string])[] = [
    ['hex', () => r.hex(32)],
    ['base62', () => r.base62(32)],
    ['base64', () => r.bytes(32).toString('base64')],
    ['base64 for addresses', () => r.base64url(43)],
    ['small letters and digits', () => r.text(32, lower + digits)],
    ['capitals and digits', () => r.text(32, upper + digits)],
    ['letters, digits and marks', () => r.text(24, `${alphanumeric}!@#%^*-_+?`)],
    ['groups', () => [5, 5, 5, 5].map((length) => r.text(length, alphanumeric)).join('-')],
  ];

  const values = makers.map(([kind, make]) => [kind, Array.from({ length: 500 }, make)] as const);

  it.each([...Object.entries(harmlessForms), ['isPlaceholder', isPlaceholder] as const])('%s', (_form, takes) => {
    for (const [kind, made] of values) {
      const taken = made.filter((value) => takes(value, 'API_KEY')).length;
      expect({ kind, taken: taken > 1 }).toEqual({ kind, taken: false }); // once in some ten thousand it may happen
    }
  });
});
