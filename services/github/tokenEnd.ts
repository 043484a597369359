import { validDate } from '../../secrets/expiry.ts';
import type { Api } from '../door/http.ts';
import { isInstallation, ofRepository, type RepositoryName } from './github.ts';
import { github } from './route.ts';

/** When a token ends, and where a person makes its successor. */
export interface TokenEnd {
  readonly end: Date;
  readonly page: string;
}

/** How the token begins that an App has for a person; it lives for hours, as one of an installation does. */
const forPerson = 'Bearer ghu_';

/**
 * When the token of an answer ends, which GitHub says in a header of each: `2026-12-20 09:00:00 UTC`, or with an offset.
 * `undefined` for a token without an end, and for one that nobody renews by hand: an App's, or a workflow run's.
 */
export function tokenEnd(api: Api, headers: Headers): TokenEnd | undefined {
  if (isInstallation(api) || api.headers.authorization?.startsWith(forPerson) === true) return undefined;
  const end = validDate(Date.parse(headers.get('github-authentication-token-expiration') ?? ''));
  if (end === undefined) return undefined;
  // GitHub names the scopes of classic tokens alone.
  const isClassic = (headers.get('x-oauth-scopes') ?? '').trim() !== '';
  return { end, page: `https://github.com/settings/${isClassic ? 'tokens' : 'personal-access-tokens'}` };
}

/** When the token of this process ends. */
export async function readTokenEnd(api: Api, name: RepositoryName): Promise<TokenEnd | undefined> {
  return tokenEnd(api, (await github(api, 'GET /repos/{owner}/{repo}', ofRepository(name))).headers);
}
