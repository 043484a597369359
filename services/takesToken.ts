import type { Secret } from '../secrets/secret.ts';
import { call, isAnswer, type Api, type Call } from './door/http.ts';
import { githubApi } from './github/github.ts';
import { netlifyApi } from './netlify/netlify.ts';
import { managementApi } from './supabase/management.ts';

interface Attempt {
  readonly api: (token: string) => Api;
  /** A read that any token of the vendor may make. */
  readonly read: Call;
}

/** The vendors whose tokens can be tried by a read: those that this project calls itself. */
const attempts: Readonly<Record<string, Attempt>> = {
  GitHub: { api: (token) => githubApi({ ...process.env, GITHUB_TOKEN: token }), read: { path: '/user' } },
  Netlify: { api: (token) => netlifyApi({ ...process.env, NETLIFY_API_TOKEN: token }), read: { path: '/user' } },
  Supabase: {
    api: (token) => managementApi({ ...process.env, SUPABASE_ACCESS_TOKEN: token }),
    read: { path: '/v1/projects' },
  },
};

/** Whether a token that a person made at this vendor is tried before it is written anywhere. */
export function triesTokensOf(vendor: string): boolean {
  return vendor in attempts;
}

/**
 * Whether the vendor takes a token, by one read; `undefined` for a vendor that is not asked. Only the refusal of the token
 * itself (401) counts: one with few rights is known to the vendor. Throws where nobody answers.
 */
export async function takesToken(vendor: string, token: Secret): Promise<boolean | undefined> {
  const { [vendor]: attempt } = attempts;
  if (attempt === undefined) return undefined;
  try {
    await call(attempt.api(token.reveal()), attempt.read);
    return true;
  } catch (error) {
    if (isAnswer(error, 401)) return false;
    if (isAnswer(error, 403)) return true;
    throw error;
  }
}
