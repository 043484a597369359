import { digits, lower, upper, type Random } from './random.ts';

/** One kind of true secret, made up after its vendor's format. */
export interface Kind {
  readonly name: string;
  /** The variable that holds it: a name that gives nothing away where the value alone must be recognised. */
  readonly variable: string;
  make(random: Random): string;
}

function kind(name: string, variable: string, make: (random: Random) => string): Kind {
  return { name, variable, make };
}

function jwt(random: Random, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${random.base64url(43)}`;
}

/** Supabase's anon key: publishable, so a look-alike and no secret. */
export function anonKey(random: Random): string {
  return jwt(random, { iss: 'supabase', ref: random.text(20, lower), role: 'anon', iat: 1700000000, exp: 2015000000 });
}

function pem(random: Random, label: string, bytes: number, lineEnd: string): string {
  const head = label.startsWith('OPENSSH')
    ? Buffer.from('openssh-key-v1\0')
    : Buffer.from([0x30, 0x82, bytes >> 8, bytes & 255]);
  const body =
    Buffer.concat([head, random.bytes(bytes)])
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`].join(lineEnd);
}

/** Kinds whose values tell by themselves what they are. */
export const shapedKinds: readonly Kind[] = [
  kind('AWS access key id', 'id', (r) => `AKIA${r.text(16, `${upper}234567`)}`),
  kind('Google API key', 'maps', (r) => `AIza${r.base64url(35)}`),
  kind('Google OAuth secret', 'oauth', (r) => `GOCSPX-${r.base64url(28)}`),
  kind('Google service account', 'account', (r) =>
    JSON.stringify({ type: 'service_account', private_key: pem(r, 'PRIVATE KEY', 1216, '\n') }),
  ),
  kind(
    'Azure storage connection',
    'store',
    (r) =>
      `DefaultEndpointsProtocol=https;AccountName=${r.text(8, lower)};AccountKey=${r.bytes(64).toString('base64')};EndpointSuffix=core.windows.net`,
  ),
  kind('Azure application secret', 'app', (r) => `${r.base62(3)}8Q~${r.base62(34)}`),
  kind('GitHub classic token', 'gh', (r) => `ghp_${r.base62(36)}`),
  kind('GitHub fine-grained token', 'gh', (r) => `github_pat_${r.base62(22)}_${r.base62(59)}`),
  kind('GitHub OAuth token', 'gh', (r) => `gho_${r.base62(36)}`),
  kind('GitHub app token', 'gh', (r) => `ghs_${r.base62(36)}`),
  kind('GitLab token', 'gl', (r) => `glpat-${r.base64url(20)}`),
  kind('Slack bot token', 'bot', (r) => `xoxb-${r.text(12, digits)}-${r.text(13, digits)}-${r.base62(24)}`),
  kind(
    'Slack user token',
    'user',
    (r) => `xoxp-${r.text(12, digits)}-${r.text(12, digits)}-${r.text(13, digits)}-${r.hex(32)}`,
  ),
  kind(
    'Slack webhook',
    'alerts',
    (r) =>
      `https://hooks.slack.com/services/T${r.text(10, upper + digits)}/B${r.text(10, upper + digits)}/${r.base62(24)}`,
  ),
  kind('Stripe live key', 'pay', (r) => `sk_live_${r.base62(r.pick([24, 99]))}`),
  kind('SendGrid key', 'mail', (r) => `SG.${r.base64url(22)}.${r.base64url(43)}`),
  kind('Twilio API key', 'sms', (r) => `SK${r.hex(32)}`),
  kind('npm token', 'registry', (r) => `npm_${r.base62(36)}`),
  kind('PyPI token', 'registry', (r) => `pypi-AgEIcHlwaS5vcmc${r.base64url(160)}`),
  kind('OpenAI key, old form', 'ai', (r) => `sk-${r.base62(20)}T3BlbkFJ${r.base62(20)}`),
  kind('OpenAI project key', 'ai', (r) => `sk-proj-${r.base64url(74)}T3BlbkFJ${r.base64url(74)}`),
  kind('OpenAI project key, short', 'ai', (r) => `sk-proj-${r.base62(48)}`),
  kind('Anthropic key', 'ai', (r) => `sk-ant-api03-${r.base64url(93)}AA`),
  kind('Supabase service_role key', 'db', (r) =>
    jwt(r, { iss: 'supabase', ref: r.text(20, lower), role: 'service_role', iat: 1700000000, exp: 2015000000 }),
  ),
  kind('Supabase secret key', 'db', (r) => `sb_secret_${r.base64url(22)}_${r.base64url(8)}`),
  kind('Supabase access token', 'db', (r) => `sbp_${r.hex(40)}`),
  kind('Netlify token', 'host', (r) => `nfp_${r.base62(36)}`),
  kind(
    '1Password service account',
    'vault',
    (r) =>
      `ops_${Buffer.from(JSON.stringify({ signInAddress: 'team.1password.com', userAuth: { method: 'SRPg-4096' }, email: `${r.text(12, lower)}@1passwordserviceaccounts.com`, srpX: r.hex(64), muk: r.base64url(43), secretKey: `A3-${r.text(6, upper + digits)}-${r.text(6, upper + digits)}-${r.text(5, upper + digits)}`, throttleSecret: r.base64url(26), deviceUuid: r.text(26, lower + digits) })).toString('base64url')}`,
  ),
  kind('1Password Secret Key', 'vault', (r) =>
    ['A3', ...[6, 6, 5, 5, 5, 5].map((n) => r.text(n, upper + digits))].join('-'),
  ),
  kind('Pulumi token', 'cloud', (r) => `pul-${r.hex(40)}`),
  kind('RSA private key', 'pem', (r) => pem(r, 'RSA PRIVATE KEY', 1190, '\n')),
  kind('EC private key', 'pem', (r) => pem(r, 'EC PRIVATE KEY', 118, '\n')),
  kind('OpenSSH private key', 'pem', (r) => pem(r, 'OPENSSH PRIVATE KEY', 390, '\n')),
  kind('private key in one line', 'pem', (r) => pem(r, 'PRIVATE KEY', 600, '\\n')),
  kind(
    'PostgreSQL address',
    'store',
    (r) =>
      `postgresql://postgres.${r.text(20, lower)}:${r.base62(16)}@aws-0-eu-central-1.pooler.supabase.com:6543/postgres`,
  ),
  kind(
    'MongoDB address',
    'store',
    (r) => `mongodb+srv://app:${r.base62(18)}@cluster0.${r.text(5, lower)}.mongodb.net/app`,
  ),
  kind('Redis address', 'cache', (r) => `rediss://default:${r.base62(40)}@eu1-${r.text(8, lower)}.upstash.io:6379`),
  kind('address with basic authentication', 'feed', (r) => `https://deploy:${r.base62(20)}@registry.internal.net/npm/`),
  kind('signed session token', 'session', (r) => jwt(r, { sub: r.uuid(), aud: 'authenticated', exp: 2015000000 })),
  kind('HashiCorp Vault token', 'vault', (r) => `hvs.${r.base64url(95)}`),
  kind('Hugging Face token', 'ai', (r) => `hf_${r.text(34, upper + lower)}`),
  kind('DigitalOcean token', 'cloud', (r) => `dop_v1_${r.hex(64)}`),
  kind('Shopify token', 'shop', (r) => `shpat_${r.hex(32)}`),
  kind('Telegram bot token', 'bot', (r) => `${r.text(10, '123456789')}:AA${r.base64url(33)}`),
  kind('age key', 'backup', (r) => `AGE-SECRET-KEY-1${r.text(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`),
];

/** Kinds that only their variable's name gives away. */
const namedKinds: readonly Kind[] = [
  kind('AWS secret access key', 'AWS_SECRET_ACCESS_KEY', (r) => r.text(40, `${upper + lower + digits}/+`)),
  kind('Netlify token, old form', 'NETLIFY_AUTH_TOKEN', (r) => r.base64url(43)),
  kind('Twilio auth token', 'TWILIO_AUTH_TOKEN', (r) => r.hex(32)),
  kind('hex key', 'PAYMENT_API_KEY', (r) => r.hex(r.pick([32, 40, 64]))),
  kind('base64 secret', 'SESSION_SECRET', (r) => r.bytes(32).toString('base64')),
  kind('generated password', 'DB_PASSWORD', (r) => `${r.base62(14)}7!${r.base62(8)}x`),
  kind('client secret', 'oauth_client_secret', (r) => r.base62(40)),
  kind('camel-case key', 'openaiApiKey', (r) => r.base62(48)),
  kind('JWT signing secret', 'jwtSecret', (r) => r.base64url(64)),
  kind('Supabase JWT secret', 'SUPABASE_JWT_SECRET', (r) => r.bytes(64).toString('base64')),
];

/** Every kind of true secret. */
export const kinds: readonly Kind[] = [...shapedKinds, ...namedKinds];
