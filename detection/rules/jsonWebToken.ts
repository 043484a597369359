import type { DetectionRule, Span } from '../finding.ts';
import { isRegular } from '../placeholder.ts';
import { moveToVault } from '../rule.ts';

const shape = /(?<![A-Za-z0-9])(eyJ[A-Za-z0-9_-]{8,1000})\.(eyJ[A-Za-z0-9_-]{8,20000})\.([A-Za-z0-9_-]{16,2000})/g;

/** What a JSON Web Token is for, by its claims. */
export type TokenKind = 'service-role' | 'publishable' | 'session' | 'published-example';

function claims(part: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {}; // not readable: still a token by its shape
  }
}

/** The kind of the first JSON Web Token in `text`; nothing when there is none. */
export function tokenKind(text: string): TokenKind | undefined {
  const match = new RegExp(shape.source).exec(text);
  return match ? kindOf(match) : undefined;
}

function kindOf(match: RegExpExecArray | RegExpMatchArray): TokenKind {
  const payload = claims(match[2] ?? '');
  // Supabase's local stack and the introduction at jwt.io print the same tokens for everybody.
  if (payload.iss === 'supabase-demo' || payload.sub === '1234567890') return 'published-example';
  if (isRegular(match[3] ?? '')) return 'published-example';
  if (payload.role === 'service_role' || payload.role === 'supabase_admin') return 'service-role';
  if (payload.role === 'anon') return 'publishable';
  return 'session';
}

interface Token extends Span {
  readonly kind: TokenKind;
}

let last: { readonly text: string; readonly tokens: readonly Token[] } | undefined;

/** The tokens of a text with their kinds; kept for the last text, because three rules ask in turn. */
function tokensIn(text: string): readonly Token[] {
  if (last?.text === text) return last.tokens;
  const tokens = [...text.matchAll(shape)].map((match) => {
    return { start: match.index, end: match.index + match[0].length, kind: kindOf(match) };
  });
  last = { text, tokens };
  return tokens;
}

const find = (text: string, kind: TokenKind): Span[] => tokensIn(text).filter((token) => token.kind === kind);

/** Supabase's legacy service_role key, distinguished from the anon key by the role in its claims. */
export const supabaseServiceRoleKey: DetectionRule = {
  id: 'supabase-service-role-key',
  severity: 'error',
  summary: 'Supabase service_role key (full access past row-level security)',
  fix: 'Rotate the key in Supabase (Settings → API keys), keep the new one in 1Password, and refer to it as op://vault/item/field.',
  hints: ['eyJ'],
  find: (text) => find(text, 'service-role'),
};

/** Supabase's legacy anon key: publishable, so only a warning. */
export const supabaseAnonKey: DetectionRule = {
  id: 'supabase-anon-key',
  severity: 'warning',
  summary: 'Supabase anon key (made for browsers; row-level security must hold)',
  fix: 'Fine to publish. Prefer a setting over a literal, so that each environment can have its own.',
  hints: ['eyJ'],
  find: (text) => find(text, 'publishable'),
};

/** Any other signed token: a session, an identity, a 1Password Connect token. */
export const jsonWebToken: DetectionRule = {
  id: 'json-web-token',
  severity: 'error',
  summary: 'signed JSON Web Token',
  fix: moveToVault,
  hints: ['eyJ'],
  find: (text) => find(text, 'session'),
  mask: tokensIn,
};
