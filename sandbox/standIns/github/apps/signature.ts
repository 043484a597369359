import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { ApiError } from '../call.ts';
import type { GitHubState, Token } from '../records.ts';

const claims = z.object({
  iss: z.union([z.string(), z.number()]).transform(String),
  iat: z.number(),
  exp: z.number(),
});
/** Seconds that a signature may be valid for. */
const longest = 600;
/** Seconds that a client's clock may be ahead. */
const slack = 60;

/**
 * Who an app's signature (a JSON Web Token, RS256) is of; `undefined` for what is none. 401 for one that is not valid, in
 * GitHub's words.
 */
export function signature(given: string, { apps }: GitHubState): Token | undefined {
  const [header, payload, signed, ...more] = given.split('.');
  if (header === undefined || payload === undefined || signed === undefined || more.length > 0) return undefined;
  // The newer tokens of installations have a signature of GitHub's own in them.
  if (given.startsWith('ghs_')) return undefined;
  const said = claims.safeParse(decoded(payload));
  if (!said.success) throw new ApiError(401, 'A JSON web token could not be decoded');
  const { iss, iat, exp } = said.data;
  const app = apps.find(({ id, clientId }) => iss === clientId || iss === String(id));
  if (app?.publicKey === undefined) throw new ApiError(404, 'Integration not found');
  const bytes = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', bytes, createPublicKey(app.publicKey), Buffer.from(signed, 'base64url'))) {
    throw new ApiError(401, 'A JSON web token could not be decoded');
  }
  const now = Date.now() / 1000;
  if (exp <= now)
    throw new ApiError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > now + longest + slack) throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  if (iat > now + slack)
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return { token: given, login: `${app.slug}[bot]`, access: 'write', appId: app.id, signedBy: app.id };
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
