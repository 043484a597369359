import { anonKey } from '../kinds.ts';
import { digits } from '../random.ts';
import { look, type LookAlike } from './lookAlike.ts';

/** What is made to be seen. */
export const publicValues: readonly LookAlike[] = [
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
    'badge',
    'README.md',
    (r) => `![rate](https://badges.acme.io/rate/app.svg?token=${r.bytes(32).toString('base64')})\n`,
  ),
  look('address in a public ledger', 'token.sol', (r) => `address constant TOKEN = 0x${r.hex(40)};\n`),
  look('sealed secret', 'sealed.yaml', (r) => `encryptedData:\n  password: AgB${r.bytes(400).toString('base64')}\n`),
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
    'encrypted stack value, nested',
    'Pulumi.test.yaml',
    (r) =>
      `config:\n  app:netlify:\n    variables:\n      DB_PASSWORD:\n        value:\n          secure: v1:${r.bytes(12).toString('base64')}:${r.bytes(48).toString('base64')}\n`,
  ),
  look(
    'encrypted by sops',
    'secrets.enc.yaml',
    (r) =>
      `api_key: ENC[AES256_GCM,data:${r.bytes(24).toString('base64')},iv:${r.bytes(32).toString('base64')},tag:${r.bytes(16).toString('base64')},type:str]\n`,
  ),
];
