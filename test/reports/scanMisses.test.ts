import { describe, expect, it } from '@jest/globals';
import { findSecrets } from '../../detection/findSecrets.ts';
import { random as r } from '../policies/support/made.ts';

const generated = (length: number) => `${r.base62(length - 2)}7x`;

describe('the scan finds', () => {
  it.each<readonly [string, string, (secret: string) => string]>([
    [
      'a password in a column of a table',
      `${generated(14)}!`,
      (s) => `name,email,password\nSome One,one@example.invalid,${s}\n`,
    ],
    [
      'a password in a table of a browser',
      `${generated(16)}!`,
      (s) => `name,url,username,password,note\nx,https://a.example.invalid,me,"${s}",\n`,
    ],
    ['a token in a table with semicolons', generated(32), (s) => `user;api_token\r\none;${s}\r\n`],
    ['a list in YAML', generated(24), (s) => `passwords:\n  - ${s}\n`],
    ['the second of a list in YAML', generated(24), (s) => `passwords:\n  - changeit\n  - "${s}"\n`],
    ['a list in JSON', generated(32), (s) => `{"api_tokens": ["changeit", "${s}"]}`],
    ['an anchor in YAML', generated(24), (s) => `password: &p ${s}\n`],
    ['a tag in YAML', generated(24), (s) => `password: !!str ${s}\n`],
    ['an anchor and a tag in YAML', generated(24), (s) => `password: &p !!str "${s}"\n`],
    ['docker login', generated(36), (s) => `docker login -u ci -p ${s} registry.example.invalid\n`],
    ['podman login', generated(36), (s) => `podman login --password=${s} registry.example.invalid\n`],
    ['sshpass', generated(20), (s) => `sshpass -p ${s} ssh host\n`],
    ['mysql', generated(20), (s) => `mysql -uroot -p${s} app\n`],
    ['mysqldump', generated(20), (s) => `mysqldump --host db -u root -p'${s}' app > app.sql\n`],
    ['curl with a key and no password', r.base62(32), (s) => `curl -u "${s}:" https://api.example.invalid\n`],
    ['a token as the user of an address', r.hex(40), (s) => `git clone https://${s}@git.example.invalid/a/b.git\n`],
    ['a token before x-oauth-basic', r.hex(40), (s) => `git clone https://${s}:x-oauth-basic@github.com/a/b.git\n`],
    ['a symmetric JSON Web Key', r.base62(43), (s) => `{"kty":"oct","k":"${s}"}`],
    [
      'a symmetric JSON Web Key, the other way round',
      r.base62(43),
      (s) => `{"k": "${s}", "alg": "HS256", "kty": "oct"}`,
    ],
    ['German', generated(18), (s) => `Passwort=${s}\n`],
    ['German, the other word', generated(18), (s) => `Kennwort: ${s}\n`],
    ['French', generated(18), (s) => `mot_de_passe = "${s}"\n`],
    ['Spanish', generated(18), (s) => `contraseña: ${s}\n`],
    ['Portuguese', generated(18), (s) => `senha=${s}\n`],
    ['Dutch', generated(18), (s) => `wachtwoord: '${s}'\n`],
    ['Polish', generated(18), (s) => `haslo=${s}\n`],
    ['Italian', generated(18), (s) => `parola: '${s}'\n`],
    ['Spanish, the shorter word', generated(18), (s) => `clave=${s}\n`],
    ['Norwegian', generated(18), (s) => `passord: ${s}\n`],
    ['Czech', generated(18), (s) => `heslo = "${s}"\n`],
    ['Turkish', generated(18), (s) => `şifre=${s}\n`],
    ['Chinese', generated(18), (s) => `密码：${s}\n`.replace('：', ': ')],
    ['redis-cli', generated(24), (s) => `redis-cli -h cache -a ${s} ping\n`],
    ['zip', generated(20), (s) => `zip -r -P ${s} out.zip folder\n`],
    ['7z', generated(20), (s) => `7z a -p${s} out.7z folder\n`],
    ['sqlcmd', generated(20), (s) => `sqlcmd -S db -U sa -P '${s}' -Q 'select 1'\n`],
    ['mongosh', generated(20), (s) => `mongosh --host db -u app -p ${s} app\n`],
    ['ldapsearch', generated(20), (s) => `ldapsearch -x -D cn=admin -w ${s} -b dc=example\n`],
    ['keytool', generated(20), (s) => `keytool -list -keystore a.jks -storepass ${s}\n`],
    ['az login', generated(34), (s) => `az login --service-principal -u app -p ${s} --tenant t\n`],
    ['gh secret set', generated(32), (s) => `gh secret set NAME --body "${s}"\n`],
    ['pulumi config set', generated(32), (s) => `pulumi config set --secret app:fingerprint ${s}\n`],
    [
      'a token through a pipe',
      generated(36),
      (s) => `echo ${s} | docker login -u ci --password-stdin r.example.invalid\n`,
    ],
    ['a line of .pgpass', generated(20), (s) => `# hosts\ndb.example.invalid:5432:*:app:${s}\n`],
    ['SonarQube by its old property', r.hex(40), (s) => `sonar-scanner -Dsonar.login=${s}\n`],
    ['SonarQube', `sqp_${r.hex(40)}`, (s) => `sonar.token=${s}\n`],
    ['SonarQube, by no name', `squ_${r.hex(40)}`, (s) => `x ${s}\n`],
    ['Linear', `lin_oauth_${r.hex(64)}`, (s) => `LINEAR=${s}\n`],
    ['PostHog’s personal key', `phx_${r.base62(43)}`, (s) => `const t = '${s}'\n`],
    ['Brevo', `xsmtpsib-${r.hex(64)}-${r.base62(16)}`, (s) => `x: ${s}\n`],
    ['Cohere', r.base62(40), (s) => `COHERE_API_KEY=${s}\n`],
    ['Discord', `MT${r.base62(22)}.${r.base64url(6)}.${r.base64url(38)}`, (s) => `bot.login('${s}')\n`],
    ['Algolia’s admin key', r.hex(32), (s) => `adminApiKey: '${s}', indexName: 'docs', appId: 'ABCDEFGHIJ'\n`],
    [
      'GitHub’s newer installation token',
      `ghs_${r.text(7, '123456789')}_${r.base64url(40)}.${r.base64url(90)}.${r.base64url(43)}`,
      (s) => `x ${s}\n`,
    ],
  ])('%s', (_kind, secret, write) => {
    const text = write(secret);
    const found = findSecrets(text).filter(({ severity }) => severity === 'error');
    expect({ text: text.replace(secret, '…'), found: found.length }).toEqual({
      text: text.replace(secret, '…'),
      found: 1,
    });
    const [{ start, end } = { start: 0, end: 0 }] = found;
    expect(text.slice(start, end)).toContain(secret.slice(2, -2));
  });

  it('the sign-in to a registry, in base64 and plain', () => {
    for (const auth of [r.base62(40), Buffer.from(`ci:${generated(24)}`).toString('base64')]) {
      const config = JSON.stringify({ auths: { 'r.example.invalid': { auth } } });
      for (const text of [config, `.dockerconfigjson: ${Buffer.from(config).toString('base64')}\n`]) {
        expect(findSecrets(text).map(({ severity }) => severity)).toEqual(['error']);
      }
    }
  });
});
