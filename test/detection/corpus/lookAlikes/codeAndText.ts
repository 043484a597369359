import { digits, lower, upper } from '../random.ts';
import { look, type LookAlike } from './lookAlike.ts';

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

/** Code, text and data with words like token, key and secret in them. */
export const codeAndText: readonly LookAlike[] = [
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
  look(
    'list of identifiers',
    'client.mjs',
    () => `export { v1GetProjectLegacyApiKeys, v1GetProjectLogs, v1GetProjectPgbouncerConfig, v1GetSigningKey };\n`,
  ),
  look(
    'struct tag',
    'workload.pb.go',
    () =>
      `SvidKey []byte \`protobuf:"bytes,3,opt,name=x509_svid_key,json=x509SvidKey,proto3" json:"x509_svid_key,omitempty"\`\n`,
  ),
  look(
    'the word pass',
    'mail.ts',
    (r) =>
      `const pass = results.length > ${r.below(90)};\nsend({ auth: { user: env.SMTP_USER, pass: env.SMTP_PASS }, tag: 'pass: second_pass_${r.below(9000)}' });\n`,
  ),
  look(
    'version of a sensitive name',
    'versions.json',
    () => `{"auth":"oauth2-proxy-v7.4.0","secret":"vault-agent-1.15.2"}\n`,
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
  look(
    'schema of a secret',
    'values.schema.json',
    () =>
      `{ "password": { "type": "string", "minLength": 12, "default": "changeit" }, "apiToken": { "description": "from the console", "default": "" } }\n`,
  ),
  look('design tokens, nested', 'theme.json', (r) =>
    JSON.stringify({
      token: { value: `#${r.hex(8)}` },
      'color-key': { value: `{color.blue.${r.below(900)}}`, from: 'palette-2' },
    }),
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
