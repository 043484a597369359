import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { createRedactor, sensitiveValues } from '../../detection/redact.ts';
import { redactTrace } from '../../commands/previewSmoke/trace.ts';
import { shapedKinds } from '../detection/corpus/kinds.ts';
import { lower, upper, digits } from '../detection/corpus/random.ts';
import { made, random as r, shapeless } from '../policies/support/made.ts';

const redact = createRedactor([]);

/** Whether any eight characters of the secret's own part are left. */
function shows(text: string, secret: string): boolean {
  const own = secret.slice(-Math.max(8, secret.length - 12));
  for (let at = 0; at + 8 <= own.length; at++) if (text.includes(own.slice(at, at + 8))) return true;
  return false;
}

/** Tokens of vendors, made up after their formats; their values stand in no variable. */
const vendors: readonly (readonly [string, () => string])[] = [
  ['GitHub installation token, new form', () => `ghs_${r.text(8, digits)}_${made('signed session token')}`],
  ['GitHub user token, new form', () => `ghu_${r.text(8, digits)}_${made('signed session token')}`],
  ['GitHub refresh token', () => `ghr_${r.base62(76)}`],
  ['Netlify CLI token', () => `nfc_${r.base62(36)}`],
  ['Supabase publishable key', () => `sb_publishable_${r.base64url(22)}_${r.base64url(8)}`],
  ['Supabase OAuth token', () => `sbp_oauth_${r.hex(40)}`],
  ['GitLab deploy token', () => `gldt-${r.base64url(20)}`],
  ['GitLab routable token', () => `glpat-${r.base64url(27)}.01.0${r.base62(8).toLowerCase()}`],
  ['Slack app token', () => `xapp-1-A${r.text(10, upper + digits)}-${r.text(13, digits)}-${r.hex(64)}`],
  ['Slack refresh token', () => `xoxe-1-${r.base62(146)}`],
  ['Stripe restricted key', () => `rk_live_${r.base62(99)}`],
  ['Stripe webhook secret', () => `whsec_${r.base62(32)}`],
  ['SonarQube token', () => `sqp_${r.hex(40)}`],
  ['SonarQube user token', () => `squ_${r.hex(40)}`],
  ['Linear OAuth token', () => `lin_oauth_${r.hex(64)}`],
  ['Linear API key', () => `lin_api_${r.base62(40)}`],
  ['PostHog personal key', () => `phx_${r.base62(43)}`],
  ['Discord bot token', () => `MT${r.base62(22)}.${r.base64url(6)}.${r.base64url(38)}`],
  ['Brevo key', () => `xkeysib-${r.hex(64)}-${r.base62(16)}`],
  ['Brevo SMTP key', () => `xsmtpsib-${r.hex(64)}-${r.base62(16)}`],
  ['Resend key', () => `re_${r.base62(8)}_${r.base62(24)}`],
  ['Postmark-like token under its name', () => `POSTMARK_API_TOKEN=${r.uuid()}`],
  ['Vercel token', () => `vcp_${r.base62(56)}`],
  ['Fly.io token', () => `FlyV1 fm2_${r.bytes(200).toString('base64')}`],
  ['Terraform Cloud token', () => `${r.base62(14)}.atlasv1.${r.base64url(67)}`],
  ['Doppler token', () => `dp.pt.${r.base62(43)}`],
  ['Tailscale key', () => `tskey-auth-${r.base62(16)}-${r.base62(32)}`],
  ['Docker Hub token', () => `dckr_pat_${r.base64url(27)}`],
  ['Databricks token', () => `dapi${r.hex(32)}`],
  ['PlanetScale password', () => `pscale_pw_${r.base64url(43)}`],
  ['Neon key', () => `napi_${r.text(64, lower + digits)}`],
  ['Grafana service account token', () => `glsa_${r.base62(32)}_${r.hex(8)}`],
  ['Sentry token', () => `sntryu_${r.hex(64)}`],
  ['New Relic key', () => `NRAK-${r.text(27, upper + digits)}`],
  ['Dynatrace token', () => `dt0c01.${r.text(24, `${upper}234567`)}.${r.text(64, `${upper}234567`)}`],
  ['Atlassian token', () => `ATATT3xFfGF0${r.base64url(180)}`],
  ['Notion token', () => `ntn_${r.text(11, digits)}${r.base62(35)}`],
  ['Figma token', () => `figd_${r.base64url(40)}`],
  ['Postman key', () => `PMAK-${r.hex(24)}-${r.hex(34)}`],
  ['Airtable token', () => `pat${r.base62(14)}.${r.hex(64)}`],
  ['Mapbox secret token', () => `sk.eyJ${r.base64url(80)}.${r.base64url(22)}`],
  ['Groq key', () => `gsk_${r.base62(52)}`],
  ['OpenRouter key', () => `sk-or-v1-${r.hex(64)}`],
  ['Replicate token', () => `r8_${r.base62(37)}`],
  ['Perplexity key', () => `pplx-${r.base62(48)}`],
  ['LangSmith key', () => `lsv2_pt_${r.hex(32)}_${r.hex(10)}`],
  ['CircleCI token', () => `CCIPAT_${r.base62(22)}_${r.hex(40)}`],
  ['Buildkite token', () => `bkua_${r.hex(40)}`],
  ['Dropbox token', () => `sl.${r.base64url(140)}`],
  ['a vendor that nobody knows', () => `acme_live_${r.base62(32)}`],
  ...shapedKinds
    .filter(({ name }) => !/address|connection|service account$/.test(name) || name.startsWith('1P'))
    .map((kind) => [kind.name, () => kind.make(r)] as const),
];

function inLines(text: string): string {
  return text.replaceAll(/.{76}/g, '$&\n');
}

describe('redaction', () => {
  it('knows enough vendors to mean something', () => {
    expect(new Set(vendors.map(([name]) => name)).size).toBeGreaterThan(80);
  });

  it.each(vendors)('masks a %s whose value it was not given, wherever it stands', (_name, make) => {
    for (const around of [
      (secret: string) => `error: 401 for ${secret}.`,
      (secret: string) => `Authorization: Bearer ${secret}`,
      (secret: string) => JSON.stringify({ message: `bad token "${secret}"` }),
      (secret: string) => `https://api.example.invalid/x?token=${secret}&y=1`,
      (secret: string) => `<p title="${secret}">`,
      (secret: string) => `'${secret}'`,
    ]) {
      const secret = make();
      const safe = redact(around(secret));
      expect({ safe, shown: shows(safe, secret) }).toEqual({ safe, shown: false });
    }
  });

  const encodings: readonly (readonly [string, (secret: string) => string])[] = [
    ['base64', (secret) => Buffer.from(secret).toString('base64')],
    ['base64 of a pair', (secret) => Buffer.from(`x-access-token:${secret}`).toString('base64')],
    ['base64 within a sentence', (secret) => Buffer.from(`the key is ${secret}, keep it`).toString('base64')],
    ['base64 for addresses', (secret) => Buffer.from(`{"token":"${secret}~~~?"}`).toString('base64url')],
    ['base64 in lines', (secret) => inLines(Buffer.from(`${'x'.repeat(40)} ${secret}`).toString('base64'))],
    [
      'base64 in lines in JSON',
      (secret) => JSON.stringify(inLines(Buffer.from(`${'x '.repeat(40)}${secret}`).toString('base64'))),
    ],
    ['base64 of UTF-16', (secret) => Buffer.from(`$t = '${secret}'`, 'utf16le').toString('base64')],
    ['base64 of other letters than English ones', (secret) => Buffer.from(`Schlüssel: ${secret}`).toString('base64')],
    ['base64 of gzip', (secret) => gzipSync(`token: ${secret}\n`).toString('base64')],
    ['hexadecimal digits', (secret) => Buffer.from(secret).toString('hex')],
    ['an address’s escapes', (secret) => encodeURIComponent(`postgres://app:${secret}@db.example.invalid/x`)],
    [
      'an address’s escapes twice',
      (secret) => encodeURIComponent(encodeURIComponent(`postgres://app:${secret}@db.example.invalid/x`)),
    ],
  ];

  it.each(encodings)('masks a token whose value it was not given in %s', (_name, encode) => {
    for (const kind of [
      'Supabase access token',
      'Supabase secret key',
      'Netlify token',
      'signed session token',
    ] as const) {
      const encoded = encode(made(kind));
      const safe = redact(`before ${encoded} after`);
      const middle = encoded.slice(encoded.length / 2, encoded.length / 2 + 10);
      expect({ kind, safe, shown: safe.includes(middle) }).toEqual({ kind, safe, shown: false });
      expect(safe).toMatch(/^before .*\*\*\*\*.* after$/s);
    }
  });

  it.each([
    'The deploy 6920c0ffee00ddba11decade was published from 1f0c3b5a7d9e2f4c6b8a0d1e3f5a7c9b1d2e4f60.',
    'Run 12345678901 of https://github.com/acme/app/actions/runs/12345678901 failed: staging-smoke-test-of-the-dashboard.',
    'organisation 5d7c8e90-1b2a-4c3d-9e8f-0a1b2c3d4e5f, branch feature/some-long-name-of-a-branch-2026',
    'https://6920c0ffee00ddba11decade--staging-site.netlify.app/api/runtime-config answered 500',
    'npm run deploy:rollback -- --to 6920c0ffee00ddba11decade',
    'error TS2345: Argument of type is not assignable (commands/previewSmoke/writeReports.ts:12:34)',
  ])('keeps what is no secret: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('masks passwords in addresses, with @ and / in them too, and keeps the rest of the address', () => {
    const password = `${r.base62(6)}@${r.base62(5)}/${r.base62(5)}`;
    expect(redact(`cannot reach postgres://app:${password}@db.example.invalid:5432/state, retrying`)).toBe(
      'cannot reach postgres://app:****@db.example.invalid:5432/state, retrying',
    );
    expect(redact('https://user:pw@host.example.invalid/x')).toBe('https://user:****@host.example.invalid/x');
  });

  it.each([
    'plain',
    'with "quotes" and \\',
    '/begins/like/a/path',
    'with + and / and =&?#',
    "with ' and <b>&amp;",
    'umläut €',
  ])('masks a given value in every form in which it is written: %s', (kind) => {
    const value = `${kind} ${shapeless()} ${kind}`;
    const safe = createRedactor([value]);
    const json = JSON.stringify(value).slice(1, -1);
    const html = (text: string) =>
      text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const forms = {
      plain: value,
      json,
      'json in json': JSON.stringify(json).slice(1, -1),
      'a body in a log in a trace': JSON.stringify(JSON.stringify(JSON.stringify({ value }))),
      'json for scripts': json.replaceAll('/', '\\/'),
      url: encodeURIComponent(value),
      form: new URLSearchParams({ v: value }).toString().slice(2),
      html: html(value),
      'html with hexadecimal entities': html(value).replaceAll("'", '&#x27;'),
      base64: Buffer.from(value).toString('base64'),
      'base64 of a pair': Buffer.from(`user:${value}`).toString('base64'),
      'base64 of json': Buffer.from(JSON.stringify({ value })).toString('base64'),
      'base64 for addresses': Buffer.from(`xx${value}`).toString('base64url'),
      'base64 of UTF-16': Buffer.from(value, 'utf16le').toString('base64'),
      hexadecimal: Buffer.from(value).toString('hex'),
    };
    for (const [form, text] of Object.entries(forms)) {
      const middle = text.slice(text.length / 3, text.length / 3 + 12);
      const shown = safe(`before ${text} after`);
      expect({ form, kept: shown.includes(middle) }).toEqual({ form, kept: false });
      if (form === 'plain') expect(shown).toBe('before **** after');
    }
  });

  it('masks both of two values that overlap', () => {
    const [a, b, c] = [shapeless().slice(0, 7), shapeless().slice(0, 7), shapeless().slice(0, 7)];
    expect(createRedactor([a + b, b + c])(`x ${a}${b}${c} y`)).toBe('x **** y');
  });

  it('takes the values of variables with a sensitive name, one that begins like a path too, and no places', () => {
    const value = `/${shapeless()}`;
    expect(
      sensitiveValues({
        SMOKE_USER_PASSWORD: value,
        NETLIFY_AUTH_TOKEN: '/slash/es',
        SMTP_PASS: 'postgres-address',
        SSH_AUTH_SOCK: '/run/agent.sock',
        TOKEN_FILE: '/run/token',
        PWD: '/home/somebody',
        PATH: '/usr/bin',
        SHORT_TOKEN: 'abc',
      }),
    ).toEqual([value, '/slash/es', 'postgres-address']);
  });

  it('leaves nothing of a password with quotes and backslashes in a trace', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trace-'));
    try {
      const password = `${shapeless().slice(0, 9)}"${shapeless().slice(0, 9)}\\${shapeless().slice(0, 9)}`;
      const file = join(folder, 'trace.zip');
      const action = JSON.stringify({ type: 'before', method: 'fill', params: { value: password } });
      const body = JSON.stringify({ email: 'a@example.invalid', password });
      const request = JSON.stringify({
        type: 'resource-snapshot',
        snapshot: { request: { postData: { text: body } } },
      });
      const dom = JSON.stringify({
        html: ['INPUT', { value: password }],
        attribute: password.replaceAll('"', '&quot;'),
      });
      writeFileSync(
        file,
        zipSync({
          'trace.trace': strToU8(`${action}\n${dom}\n`),
          'trace.network': strToU8(request),
          'resources/body.json': strToU8(body),
          'resources/form.txt': strToU8(new URLSearchParams({ password }).toString()),
          'resources/pair.txt': strToU8(Buffer.from(`a:${password}`).toString('base64')),
        }),
      );
      redactTrace(file, createRedactor([password]));
      const entries = Object.entries(unzipSync(readFileSync(file)));
      expect(entries).toHaveLength(5);
      for (const [name, bytes] of entries) {
        const text = strFromU8(bytes);
        for (const part of password.split(/["\\]/))
          expect({ name, shown: text.includes(part) }).toEqual({ name, shown: false });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
