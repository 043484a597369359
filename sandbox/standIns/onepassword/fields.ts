import { createHmac, generateKeyPairSync, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { site, supabase } from '../../process/identity.ts';

/** How one field of the item `Supabase` comes to its first value and to each new one. */
export interface FieldKind {
  /** Shown by people's clients in plain text; every other field is concealed. */
  readonly plain?: true;
  /** A name of something that exists: making up another one would point nowhere, so it cannot be rotated. */
  readonly fixed?: true;
  make(): string;
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function letters(length: number, from = alphanumeric): string {
  return Array.from({ length }, () => from.charAt(randomInt(from.length))).join('');
}

/** Supabase's legacy API key: a JWT whose `role` claim decides what it may do. */
function supabaseKey(role: 'anon' | 'service_role'): string {
  const issued = Math.floor(Date.now() / 1000);
  const tenYears = 10 * 365 * 24 * 3600;
  const claims = { iss: 'supabase', ref: supabase.projectRef, role, iat: issued, exp: issued + tenYears };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', randomBytes(32)).update(signed).digest('base64url')}`;
}

function slackWebhook(): string {
  const upper = alphanumeric.replace(/[a-z]/g, '');
  return `https://hooks.slack.com/services/T${letters(10, upper)}/B${letters(10, upper)}/${letters(24)}`;
}

/** A key of several lines, as a signing or deploy key is kept. */
function privateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Every field of the item, by label. Values are made up at first use, in the shape the vendor gives them. */
export const fieldKinds = {
  url: { plain: true, fixed: true, make: () => supabase.url },
  anon_key: { make: () => supabaseKey('anon') },
  service_role_key: { make: () => supabaseKey('service_role') },
  access_token: { make: () => `sbp_${randomBytes(20).toString('hex')}` },
  default_organization_id: { plain: true, make: () => randomUUID() },
  netlify_auth_token: { make: () => `nfp_${letters(36)}` },
  netlify_site_id: { plain: true, fixed: true, make: () => site.id },
  slack_webhook_url: { make: slackWebhook },
  smoke_user_email: { plain: true, fixed: true, make: () => 'smoke-test@staging.example' },
  smoke_user_password: { make: () => randomBytes(18).toString('base64url') },
  openai_api_key: { make: () => `sk-proj-${letters(74)}T3BlbkFJ${letters(74)}` },
  s3_access_key_id: { make: () => `AKIA${letters(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}` },
  s3_secret_access_key: { make: () => letters(40, `${alphanumeric}/+`) },
  private_key: { make: privateKey },
} as const satisfies Record<string, FieldKind>;

/** A label that the sandbox knows how to fill. */
export type KnownLabel = keyof typeof fieldKinds;

/**
 * What production has a field of its own for, `production_LABEL`. All environments share one Supabase project, so these begin with staging's values;
 * only what is not Supabase's differs.
 */
export const productionLabels: readonly { readonly label: KnownLabel; readonly shared: boolean }[] = [
  { label: 'url', shared: true },
  { label: 'anon_key', shared: true },
  { label: 'service_role_key', shared: true },
  { label: 'access_token', shared: true },
  { label: 'openai_api_key', shared: false },
];

/** The kind of a label, production's own too, if the sandbox knows it. */
export function fieldKind(label: string): FieldKind | undefined {
  const known = label.replace(/^production_/, '');
  return Object.hasOwn(fieldKinds, known) ? fieldKinds[known as KnownLabel] : undefined;
}
