import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diskSources } from '../../files/disk.ts';
import { scanSources } from '../../files/scanSources.ts';
import { scanFolder, type ScanFolder } from '../commands/scan/scanFolder.ts';
import { digits } from '../detection/corpus/random.ts';
import { random as r, shapeless } from '../policies/support/made.ts';

let folder: ScanFolder;
beforeEach(() => {
  folder = scanFolder();
});
afterEach(() => folder.close());

const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');
const base64 = (length: number) => r.bytes(length).toString('base64').slice(0, length);

async function verdicts(file: string, text: string): Promise<string[]> {
  folder.write(file, text);
  return (await scanSources(diskSources(folder.path), '')).map(({ severity, rule }) => `${severity} ${rule}`);
}

describe('the scan stays silent over', () => {
  it.each<readonly [string, string, () => string]>([
    [
      'names of pictures after a word like Pass',
      'audit.md',
      () =>
        `| Schedule | Pass | \`21-some-page-${r.text(10, digits)}.jpg\`, \`69-product-page-${r.text(10, digits)}.jpg\` |\n`,
    ],
    [
      'names of documents after a password',
      'notes.md',
      () => `Password: see 2026-08-list-of-accounts-${r.text(8, digits)}.pdf\n`,
    ],
    ['a key that names a version', 'layout.ts', () => `version_key: "region_form_updated_layout_v2026_05",\n`],
    ['the same in SQL', 'layout.sql', () => `where version_key = 'region_form_updated_layout_v2026_05'\n`],
    [
      'keys of a cache, a translation, a layout, a sort',
      'keys.ts',
      () =>
        `cache_key: '${r.hex(40)}', translationKey: '${r.base62(30)}', layout_key: '${r.base62(30)}', sortKey: '${r.base62(30)}'\n`,
    ],
    [
      'words and a date under a sensitive name',
      'seed.sql',
      () => `insert into t (api_key) values ('customer-import-batch_2026-05-21');\n`,
    ],
    ['a UUID after prefill_token', 'onboarding.test.tsx', () => `setup('/clients/new?prefill_token=${r.uuid()}');\n`],
    ['a JSON Web Token that is cut short', 'auth.test.ts', () => `'access token ${header}...',\n`],
    ['what dotenvx encrypted', '.env', () => `API_KEY="encrypted:${base64(88)}"\n`],
    [
      'what kubeseal sealed',
      'sealed.yaml',
      () => `kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB${base64(700)}\n`,
    ],
    [
      'arguments that are no passwords',
      'run.sh',
      () =>
        [
          'docker run -p 8080:80 app',
          'redis-cli -a "$REDIS_PASSWORD" ping',
          'zip -P "$(cat key)" a.zip b',
          'mkdir -p build/output2024/Assets1',
          'gh secret set NAME --body "$TOKEN"',
          'gh secret set NAME --body "${{ secrets.NAME }}"',
          'pulumi config set --secret app:key "$VALUE"',
          'echo "$TOKEN" | docker login -u ci --password-stdin',
          'ldapsearch -x -W -b dc=example',
          'mongosh -p app_production',
          'az login -p "$AZURE_SECRET"',
        ].join('\n'),
    ],
    [
      'a password file that is masked',
      '.pgpass',
      () => `db.example.invalid:5432:*:app:********\nhost:5432:db:user:password\n`,
    ],
    ['the fingerprint of a GnuPG key in a Dockerfile', 'Dockerfile', () => `ENV GPG_KEY=${r.hex(40).toUpperCase()}\n`],
    ['the signing key of git', '.gitconfig', () => `[user]\n\tsigningkey = ${r.hex(40)}\n`],
    [
      'the search key of DocSearch',
      'docs.config.ts',
      () => `apiKey: '${r.hex(32)}', indexName: 'docs', appId: 'ABCDEFGHIJ', // docsearch\n`,
    ],
    ['the project key of PostHog', '.env.example', () => `POSTHOG_API_KEY=phc_${r.base62(43)}\n`],
    [
      'an empty password, then a line with a hash',
      '.env',
      () => `DB_PASSWORD=\nBUILD_REVISION_OF_THE_LAST_RELEASE=${r.hex(40)}\n`,
    ],
    ['an empty password, then a hash alone', '.env', () => `DB_PASSWORD=\n${r.hex(40)}\n`],
    ['what Renovate encrypted', 'renovate.json', () => `{"encrypted": "${base64(172)}"}\n`],
    [
      'what Renovate encrypted, by name',
      'renovate.json',
      () => `{"hostRules": [{"encrypted": {"token": "${base64(172)}"}}]}\n`,
    ],
    ['a port after -p', 'run.sh', () => 'docker run -p 8080:80 app\n'],
    ['a sign-in by standard input', 'ci.sh', () => 'docker login -u ci --password-stdin registry.example.invalid\n'],
    [
      'variables on a command line',
      'ci.sh',
      () =>
        'mysql -uroot -p"$DB_PASSWORD" app\nsshpass -p "$SSHPASS" ssh host\ncurl -u "$KEY:" https://a.example.invalid\n',
    ],
    ['a user in an address', 'notes.txt', () => 'https://user@host.example.invalid/x\n'],
    ['a variable in an address', 'clone.sh', () => 'git clone https://$TOKEN@host.example.invalid/a.git\n'],
    ['a masked column of a table', 'users.csv', () => 'name,email,password\nSome One,one@example.invalid,********\n'],
    ['an empty column of a table', 'users.csv', () => 'name,password,email\nSome One,,one@example.invalid\n'],
    [
      'a public JSON Web Key',
      'jwks.json',
      () => JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: r.base64url(43), y: r.base64url(43) }] }),
    ],
  ])('%s', async (_kind, file, text) => {
    await expect(verdicts(file, text())).resolves.toEqual([]);
  });

  it('one value that stands in thirty places of tests', async () => {
    const value = shapeless();
    for (let index = 0; index < 30; index++)
      folder.write(`src/__tests__/part${index}.test.ts`, `const token = '${value}';\n`);
    await expect(verdicts('readme.md', 'fine\n')).resolves.toEqual([]);
  });

  it('but not when it stands in the program too', async () => {
    const value = shapeless();
    for (let index = 0; index < 30; index++)
      folder.write(`src/__tests__/part${index}.test.ts`, `const token = '${value}';\n`);
    const found = await verdicts('src/client.ts', `const token = '${value}';\n`);
    expect(found).toHaveLength(31);
  });

  it('the web key of Firebase, but for a warning', async () => {
    const text = `apiKey: "AIza${r.base64url(34)}a", authDomain: "x.firebaseapp.com",\n`;
    await expect(verdicts('firebase.ts', text)).resolves.toEqual(['warning firebase-web-key']);
  });
});
