import { anonKey } from './kinds.ts';
import { digits, lower, upper, type Random } from './random.ts';

/** A text that looks as if it held a secret and holds none. */
export interface LookAlike {
  readonly name: string;
  readonly file: string;
  write(random: Random): string;
}

function look(name: string, file: string, write: (random: Random) => string): LookAlike {
  return { name, file, write };
}

const integrity = (r: Random) => `sha512-${r.bytes(64).toString('base64')}`;
const words = [
  'alpha',
  'branch',
  'create',
  'delete',
  'export',
  'filter',
  'global',
  'handle',
  'import',
  'join',
] as const;

/** Digests, checksums and other things that are random on purpose and no secret. */
const digestsAndIds: readonly LookAlike[] = [
  look('npm lockfile', 'package-lock.json', (r) =>
    JSON.stringify(
      {
        packages: {
          'node_modules/token-types': {
            version: '6.0.0',
            resolved: 'https://registry.npmjs.org/token-types/-/token-types-6.0.0.tgz',
            integrity: integrity(r),
          },
        },
      },
      null,
      2,
    ),
  ),
  look(
    'yarn lockfile',
    'yarn.lock',
    (r) =>
      `"@auth/core@^0.34.0":\n  version "0.34.2"\n  resolved "https://registry.yarnpkg.com/@auth/core/-/core-0.34.2.tgz#${r.hex(40)}"\n  integrity ${integrity(r)}\n`,
  ),
  look(
    'pnpm lockfile',
    'pnpm-lock.yaml',
    (r) =>
      `packages:\n  /csrf-token@3.1.0:\n    resolution: {integrity: ${integrity(r)}}\n    engines: {node: '>=18'}\n`,
  ),
  look(
    'Go checksums',
    'go.sum',
    (r) =>
      `github.com/golang-jwt/jwt/v5 v5.2.1 h1:${r.bytes(32).toString('base64')}\ngithub.com/golang-jwt/jwt/v5 v5.2.1/go.mod h1:${r.bytes(32).toString('base64')}\n`,
  ),
  look(
    'Cargo lockfile',
    'Cargo.lock',
    (r) => `[[package]]\nname = "secrecy"\nversion = "0.10.3"\nchecksum = "${r.hex(64)}"\n`,
  ),
  look(
    'Poetry lockfile',
    'poetry.lock',
    (r) =>
      `[[package]]\nname = "keyring"\nfiles = [\n    {file = "keyring-25.whl", hash = "sha256:${r.hex(64)}"},\n]\n`,
  ),
  look('Pipfile lockfile', 'Pipfile.lock', (r) =>
    JSON.stringify(
      { default: { 'python-token': { hashes: [`sha256:${r.hex(64)}`, `sha256:${r.hex(64)}`] } } },
      null,
      2,
    ),
  ),
  look('Gemfile checksums', 'Gemfile.lock', (r) => `CHECKSUMS\n  jwt (2.8.1) sha256=${r.hex(64)}\n`),
  look('composer lockfile', 'composer.lock', (r) =>
    JSON.stringify({
      'content-hash': r.hex(32),
      packages: [
        { name: 'firebase/php-jwt', source: { type: 'git', reference: r.hex(40) }, dist: { shasum: r.hex(40) } },
      ],
    }),
  ),
  look('UUIDs', 'fixtures.json', (r) =>
    JSON.stringify([{ id: r.uuid(), organizationId: r.uuid(), tokenId: r.uuid() }]),
  ),
  look(
    'organisation id',
    '.env.staging',
    (r) => `DEFAULT_ORGANIZATION_ID=${r.uuid()}\nNETLIFY_STAGING_SITE_ID=${r.uuid()}\n`,
  ),
  look(
    'git commit hashes',
    'CHANGELOG.md',
    (r) =>
      `- Rotate the token of the deploy job (${r.hex(40)})\n- Fix password reset ([${r.hex(7)}](https://github.com/acme/app/commit/${r.hex(40)}))\n`,
  ),
  look(
    'pinned action',
    'ci.yml',
    (r) => `steps:\n  - uses: actions/checkout@${r.hex(40)} # v4\n    with:\n      persist-credentials: false\n`,
  ),
  look('image digest', 'deploy.yaml', (r) => `image: ghcr.io/acme/auth-proxy@sha256:${r.hex(64)}\n`),
  look('etag', 'cache.json', (r) => JSON.stringify({ etag: `W/"${r.hex(32)}"`, lastModified: '2026-01-01' })),
  look('content hashes in names', 'manifest.json', (r) =>
    JSON.stringify({ 'auth.js': `/assets/auth-${r.base62(8)}.js`, 'token.css': `/assets/token.${r.hex(20)}.css` }),
  ),
  look(
    'subresource integrity',
    'index.html',
    (r) =>
      `<script src="/app.js" integrity="sha384-${r.bytes(48).toString('base64')}" crossorigin="anonymous"></script>`,
  ),
  look(
    'content security policy',
    'headers.txt',
    (r) =>
      `Content-Security-Policy: script-src 'sha256-${r.bytes(32).toString('base64')}' 'nonce-${r.bytes(16).toString('base64')}'\n`,
  ),
  look(
    'password digest',
    'seed.sql',
    (r) =>
      `insert into users (email, password_hash) values ('a@b.c', '$2b$12$${r.text(53, `${upper + lower + digits}./`)}');\n`,
  ),
  look(
    'argon2 digest',
    'users.yaml',
    (r) => `user:\n  password: $argon2id$v=19$m=65536,t=3,p=4$${r.base62(22)}$${r.base62(43)}\n`,
  ),
  look(
    'token hash',
    'session.ts',
    (r) => `export const tokenHash = '${r.hex(64)}';\nconst secretDigest = '${r.hex(64)}';\n`,
  ),
  look('cache key', 'turbo.json', (r) =>
    JSON.stringify({ cacheKey: r.hex(40), partition_key: r.base62(24), sortKey: r.base62(24) }),
  ),
  look(
    'fingerprint',
    'known_hosts.md',
    (r) => `The server's key fingerprint is SHA256:${r.bytes(32).toString('base64').replace(/=+$/, '')}.\n`,
  ),
  look(
    'snapshot',
    'auth.test.ts.snap',
    (r) => `exports[\`renders token 1\`] = \`<div class="css-${r.hex(7)}" data-testid="token-${r.hex(6)}"></div>\`;\n`,
  ),
  look('trace id', 'log.json', (r) =>
    JSON.stringify({ traceId: r.hex(32), spanId: r.hex(16), message: 'token refreshed', requestId: r.uuid() }),
  ),
  look('large numbers', 'numbers.csv', (r) => `token_count,secret_id\n${r.text(18, digits)},${r.text(20, digits)}\n`),
];

/** What is made to be seen. */
const publicValues: readonly LookAlike[] = [
  look('anon key', '.env.example', (r) => `SUPABASE_ANON_KEY=${anonKey(r)}\n`),
  look(
    'publishable key',
    'client.ts',
    (r) => `export const key = 'sb_publishable_${r.base64url(22)}_${r.base64url(8)}';\n`,
  ),
  look(
    'Stripe publishable key',
    'pay.ts',
    (r) => `loadStripe('pk_live_${r.base62(24)}');\nconst publishableKey = 'pk_test_${r.base62(24)}';\n`,
  ),
  look(
    'ssh public key',
    'authorized_keys',
    (r) =>
      `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${r.base62(43)} deploy@host\nssh-rsa AAAAB3NzaC1yc2E${r.base62(300)} a@b\n`,
  ),
  look(
    'public key',
    'jwt.pem',
    (r) =>
      `-----BEGIN PUBLIC KEY-----\n${r
        .bytes(270)
        .toString('base64')
        .match(/.{1,64}/g)
        ?.join('\n')}\n-----END PUBLIC KEY-----\n`,
  ),
  look(
    'certificate',
    'ca.crt',
    (r) =>
      `-----BEGIN CERTIFICATE-----\n${r
        .bytes(700)
        .toString('base64')
        .match(/.{1,64}/g)
        ?.join('\n')}\n-----END CERTIFICATE-----\n`,
  ),
  look('public JWK', 'jwks.json', (r) =>
    JSON.stringify({ keys: [{ kty: 'RSA', kid: r.base64url(27), n: r.base64url(342), e: 'AQAB' }] }),
  ),
  look('public key by name', 'push.ts', (r) => `const vapidPublicKey = 'B${r.base64url(86)}';\n`),
  look(
    'age recipient',
    '.sops.yaml',
    (r) => `creation_rules:\n  - age: age1${r.text(58, 'qpzry9x8gf2tvdw0s3jn54khce6mua7l')}\n`,
  ),
  look(
    'error-tracking address',
    'sentry.ts',
    (r) => `init({ dsn: 'https://${r.hex(32)}@o${r.text(6, digits)}.ingest.sentry.io/${r.text(7, digits)}' });\n`,
  ),
  look('captcha site key', 'form.html', (r) => `<div class="g-recaptcha" data-sitekey="6Le${r.base64url(37)}"></div>`),
  look('map token for browsers', 'map.ts', () => `mapboxgl.accessToken = import.meta.env.VITE_MAPBOX;\n`),
  look(
    'encrypted stack value',
    'Pulumi.dev.yaml',
    (r) =>
      `encryptionsalt: v1:${r.bytes(8).toString('base64')}:v1:${r.bytes(12).toString('base64')}:${r.bytes(32).toString('base64')}\nconfig:\n  app:apiToken:\n    secure: v1:${r.bytes(12).toString('base64')}:${r.bytes(48).toString('base64')}\n`,
  ),
  look(
    'encrypted by sops',
    'secrets.enc.yaml',
    (r) =>
      `api_key: ENC[AES256_GCM,data:${r.bytes(24).toString('base64')},iv:${r.bytes(32).toString('base64')},tag:${r.bytes(16).toString('base64')},type:str]\n`,
  ),
];

/** References, templates and examples in the place of a secret. */
const placeholders: readonly LookAlike[] = [
  look(
    'vault references',
    'Pulumi.staging.yaml',
    () =>
      `config:\n  app:apiKey: op://Platform/Supabase/service_role_key\n  app:token: op://Platform/GitHub Deploy/credential\n`,
  ),
  look(
    'workflow secrets',
    'deploy.yml',
    () =>
      `env:\n  SLACK_WEBHOOK_URL: \${{ secrets.SLACK_WEBHOOK_URL }}\n  GITHUB_TOKEN: \${{ github.token }}\n  NPM_TOKEN: \${{ secrets.NPM_TOKEN }}\n`,
  ),
  look(
    'environment in code',
    'env.ts',
    () =>
      `const apiKey = process.env.OPENAI_API_KEY;\nconst token = import.meta.env.VITE_TOKEN ?? '';\nconst secret = process.env['JWT_SECRET'] || '';\n`,
  ),
  look(
    'environment in Python',
    'env.py',
    () =>
      `import os\nAPI_KEY = os.environ["API_KEY"]\nSECRET = os.getenv("APP_SECRET_KEY", "")\npassword = getpass.getpass("Password: ")\n`,
  ),
  look(
    'shell variables',
    'run.sh',
    () =>
      `export API_TOKEN="$STAGING_API_TOKEN"\nexport SECRET_KEY=\${SECRET_KEY:?must be set}\ncurl -H "Authorization: Bearer $TOKEN" https://api.acme.dev\n`,
  ),
  look(
    'terraform variables',
    'main.tf',
    () =>
      `resource "aws_db_instance" "db" {\n  password = var.database_password\n  kms_key_id = aws_kms_key.main.arn\n}\nvariable "api_token" {\n  type = string\n  sensitive = true\n}\n`,
  ),
  look(
    'helm template',
    'secret.yaml',
    () =>
      `apiVersion: v1\nkind: Secret\ndata:\n  password: {{ .Values.database.password | b64enc | quote }}\n  token: {{ randAlphaNum 32 | b64enc }}\n`,
  ),
  look(
    'angle brackets',
    'README.md',
    () => `Set \`OPENAI_API_KEY=<your-key>\` and \`SUPABASE_SERVICE_ROLE_KEY=<service-role-key>\`.\n`,
  ),
  look(
    'masked',
    'runbook.md',
    () => `The key starts with sk-**** and ends with ****; never paste more than \`****\`.\nSLACK_WEBHOOK_URL=****\n`,
  ),
  look(
    'x placeholders',
    '.env.example',
    () =>
      `GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nSTRIPE_KEY=sk_live_XXXXXXXXXXXXXXXXXXXXXXXX\nSLACK_WEBHOOK_URL=https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX\n`,
  ),
  look(
    'your-key placeholders',
    '.env.sample',
    () =>
      `OPENAI_API_KEY=sk-your-openai-api-key-goes-here\nSLACK_BOT_TOKEN=xoxb-your-token\nSECRET_KEY=change-me-in-production\nJWT_SECRET=your-256-bit-secret\n`,
  ),
  look('empty', '.env.template', () => `API_KEY=\nSECRET_TOKEN=""\nDB_PASSWORD=''\nNEXT=1\n`),
  look(
    'repeated characters',
    'fixture.ts',
    () =>
      `const token = 'ghp_${'a'.repeat(36)}';\nconst key = '${'0'.repeat(40)}';\nconst apiKey = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';\n`,
  ),
  look(
    'sequences',
    'fixture.py',
    () =>
      `API_KEY = "12345678901234567890"\ntoken = "abcdefghijklmnopqrstuvwxyz012345"\nsecret = "0123456789abcdef0123456789abcdef"\n`,
  ),
  look(
    'AWS example keys',
    'aws.md',
    () =>
      `aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/')}\n`,
  ),
  look(
    'stock database addresses',
    'compose.yaml',
    () =>
      `DATABASE_URL: postgres://postgres:postgres@localhost:5432/postgres\nREDIS_URL: redis://:password@redis:6379\nMONGO: mongodb://root:example@mongo:27017\nMYSQL: mysql://user:pass@db/app\n`,
  ),
  look(
    'database address template',
    'db.md',
    () =>
      `postgresql://postgres:[YOUR-PASSWORD]@db.abcdefghij.supabase.co:5432/postgres\npostgres://USER:PASSWORD@HOST:5432/DB\npostgres://\${DB_USER}:\${DB_PASSWORD}@\${DB_HOST}/app\npostgres://app:<password>@host/db\nmongodb+srv://%s:%s@cluster/app\n`,
  ),
  look(
    'test passwords',
    'login.test.ts',
    () =>
      `await login({ email: 'a@b.c', password: 'Password123!' });\nawait login({ password: 'wrong-password' });\nconst secret = 'test-secret';\nconst token = 'fake-token-for-tests';\n`,
  ),
  look(
    'jwt introduction',
    'jwt.md',
    () =>
      `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${Buffer.from('{"sub":"1234567890","name":"John Doe","iat":1516239022}').toString('base64url')}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c`,
  ),
  look(
    'local Supabase key',
    'seed.env',
    (r) =>
      `SERVICE_ROLE_KEY=${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${Buffer.from('{"iss":"supabase-demo","role":"service_role","exp":1983812996}').toString('base64url')}.${r.base64url(43)}\n`,
  ),
  look(
    'private key example',
    'keys.md',
    () =>
      `-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n\n-----BEGIN RSA PRIVATE KEY-----\nMIIE... (your key)\n-----END RSA PRIVATE KEY-----\n`,
  ),
  look(
    'private key in code',
    'pem.ts',
    () =>
      `if (!text.startsWith('-----BEGIN PRIVATE KEY-----')) throw new Error('not a private key');\nconst pattern = /-----BEGIN (RSA )?PRIVATE KEY-----[\\s\\S]+-----END/;\n`,
  ),
  look(
    'secret manager paths',
    'paths.tf',
    () =>
      `secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/app/token-AbCdEf"\nvault_token_path = "secret/data/prod/app2/api-token"\nsecret_name = "projects/my-app/secrets/api-key-v2/versions/3"\n`,
  ),
];

/** Code, text and data with words like token, key and secret in them. */
const codeAndText: readonly LookAlike[] = [
  look('tokenizer', 'lexer.ts', (r) =>
    words
      .map((word, i) => `  ${word}Token${i}: createToken({ name: '${word}_${r.below(90)}', pattern: /${word}/ }),`)
      .join('\n'),
  ),
  look(
    'authentication code',
    'auth.ts',
    () =>
      `export async function getAccessToken(clientId: string, clientSecret: string): Promise<string> {\n  const token = await fetchToken(clientId, clientSecret);\n  const secretKey = await deriveKeyFromPassphraseV2(token);\n  return secretKey.toString('base64url');\n}\n`,
  ),
  look(
    'identifiers',
    'keys.ts',
    () =>
      `const apiKeyHeaderName = 'X-Acme-Api-Key-V2';\nconst accessTokenCookie = '__Secure-next-auth.session-token';\nconst passwordResetTokenExpiresInMinutes2 = 30;\n`,
  ),
  look(
    'constants',
    'constants.go',
    () =>
      `const (\n  SecretTypeDockerConfigJSON = "kubernetes.io/dockerconfigjson"\n  TokenEndpointAuthMethod = "client_secret_post"\n  KeyAlgorithm = "ECDSA_P256_SHA256_ASN1"\n)\n`,
  ),
  look('minified code', 'vendor.min.js', (r) =>
    Array.from(
      { length: 60 },
      () =>
        `function ${r.text(2, lower)}(e,t){return e.token===t.${r.text(3, lower)}?"${r.pick(words)}":t.secret[${r.below(99)}]}`,
    ).join(''),
  ),
  look('source map', 'app.js.map', (r) =>
    JSON.stringify({
      version: 3,
      names: ['token', 'secretKey', 'password'],
      mappings: Array.from({ length: 120 }, () => r.text(r.below(5) + 4, `${upper + lower}/+`)).join(','),
    }),
  ),
  look(
    'png as data',
    'icon.css',
    (r) =>
      `.key { background: url(data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${r.bytes(900).toString('base64')}) }\n`,
  ),
  look(
    'svg as data',
    'icon.html',
    () =>
      `<img src="data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="24"><path d="M12 2a5 5 0 0 0-5 5v3H6z"/></svg>').toString('base64')}" alt="password">`,
  ),
  look(
    'svg path',
    'lock.svg',
    (r) =>
      `<svg><title>secret</title><path d="M${Array.from({ length: 80 }, () => `${r.below(24)}.${r.below(999)}`).join('l')}"/></svg>`,
  ),
  look(
    'font as data',
    'font.css',
    (r) => `@font-face{src:url(data:font/woff2;base64,d09GMgABAAAAA${r.bytes(1200).toString('base64')})}`,
  ),
  look('image', 'photo.png', (r) =>
    Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), r.bytes(4000)]).toString('latin1'),
  ),
  look(
    'documentation',
    'SECURITY.md',
    () =>
      `Tokens begin with \`ghp_\`, \`github_pat_\`, \`nfp_\`, \`sbp_\`, \`sb_secret_\` or \`ops_\`. A service account token looks like ops_eyJ…. API keys: \`AKIA\` plus sixteen characters. Rotate the secret every 90 days.\n`,
  ),
  look(
    'form',
    'login.html',
    () =>
      `<label for="password">Password</label><input id="password" type="password" name="current-password" placeholder="At least 12 characters" autocomplete="current-password">`,
  ),
  look('translations', 'en.json', () =>
    JSON.stringify(
      {
        password: 'Password',
        'password.forgot': 'Forgot your password?',
        token: 'Access token',
        apiKey: 'API key (32 characters)',
        secret: 'Client secret',
      },
      null,
      2,
    ),
  ),
  look(
    'types',
    'openapi.yaml',
    () =>
      `components:\n  schemas:\n    Token:\n      properties:\n        access_token: { type: string, format: password }\n        token_type: { type: string, enum: [Bearer] }\n        expires_in: { type: integer, example: 3600 }\n`,
  ),
  look(
    'addresses',
    'oauth.yaml',
    () =>
      `token_url: https://login.acme.dev/oauth2/v2.0/token\nauth_endpoint: https://login.acme.dev/oauth2/v2.0/authorize\nsecret_key_path: /etc/ssl/private/app-2026-key.pem\nwebhook_url: https://app.acme.dev/hooks/deploy\n`,
  ),
  look(
    'kubernetes reference',
    'pod.yaml',
    () =>
      `env:\n  - name: API_TOKEN\n    valueFrom:\n      secretKeyRef:\n        name: app-secrets-production-2\n        key: api-token-v3\n`,
  ),
  look('design tokens', 'tokens.json', (r) =>
    JSON.stringify({ token: { 'color-primary-500': `#${r.hex(6)}`, 'color-key-700': `#${r.hex(8)}` } }),
  ),
  look(
    'css modules',
    'styles.css',
    (r) => `.token_${r.base62(5)}__secret-${r.base62(6)} { color: #${r.hex(6)} }\n.password__${r.base62(5)} {}\n`,
  ),
  look(
    'stack trace',
    'error.log',
    (r) =>
      `Error: invalid token\n    at verifyToken (/app/node_modules/jsonwebtoken/verify.js:${r.below(200)}:17)\n    at chunk-${r.text(8, upper + digits)}.js:1:${r.below(90000)}\n`,
  ),
  look(
    'query with session',
    'urls.txt',
    (r) =>
      `https://acme.dev/?utm_source=token&gclid=${r.base62(30)}\nhttps://youtu.be/${r.base64url(11)}\nhttps://docs.google.com/document/d/1${r.base64url(43)}/edit\n`,
  ),
  look(
    'base64 text',
    'data.yaml',
    () =>
      `description: ${Buffer.from('This text only explains how the token of the deploy job is rotated.').toString('base64')}\n`,
  ),
  look('hex colours and addresses', 'chain.json', (r) =>
    JSON.stringify({ contract: `0x${r.hex(40)}`, transaction: `0x${r.hex(64)}`, token: 'USDC' }),
  ),
  look(
    'regular expressions',
    'rules.ts',
    () =>
      `const apiKeyPattern = /(?<![A-Za-z0-9])sk-[A-Za-z0-9]{48}/g;\nconst tokenShape = 'gh[pousr]_[A-Za-z0-9]{36,251}';\n`,
  ),
];

/** Every look-alike. */
export const lookAlikes: readonly LookAlike[] = [...digestsAndIds, ...publicValues, ...placeholders, ...codeAndText];
