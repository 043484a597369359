import { digits, lower, upper, type Random } from '../random.ts';
import { look, type LookAlike } from './lookAlike.ts';

const integrity = (r: Random) => `sha512-${r.bytes(64).toString('base64')}`;

/** Digests, checksums and other things that are random on purpose and no secret. */
export const digestsAndIds: readonly LookAlike[] = [
  look('times of change', 'state.json', (r) =>
    JSON.stringify({
      lastUpdated: {
        OPENAI_API_KEY: `2026-11-${10 + r.below(18)}T1${r.below(9)}:23:${10 + r.below(49)}.${100 + r.below(899)}Z`,
        DB_PASSWORD: '2026-11-22',
      },
    }),
  ),
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
  look(
    'value of another key',
    'values.yaml',
    (r) =>
      `DB_PASSWORD:\nbuild:\n  value: ${r.hex(40)}\napi_token:\n  rules:\n    revision:\n      default: ${r.hex(40)}\n`,
  ),
  look('value of another object', 'values.json', (r) =>
    JSON.stringify({
      api_token: { enabled: true },
      build: { value: r.hex(40) },
      secret: [{ revision: { value: r.hex(40) } }],
    }),
  ),
  look(
    'value of another block',
    'values.tf',
    (r) => `api_token = {\n  scopes = ["a"]\n}\nbuild = {\n  value = "${r.hex(40)}"\n}\n`,
  ),
  look('digest of a password, nested', 'users.json', (r) =>
    JSON.stringify({ password: { hash: { value: r.hex(64) }, value: null } }),
  ),
  look('trace id', 'log.json', (r) =>
    JSON.stringify({ traceId: r.hex(32), spanId: r.hex(16), message: 'token refreshed', requestId: r.uuid() }),
  ),
  look('large numbers', 'numbers.csv', (r) => `token_count,secret_id\n${r.text(18, digits)},${r.text(20, digits)}\n`),
];
