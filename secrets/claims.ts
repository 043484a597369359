import { z } from 'zod';

const claims = z.object({
  exp: z.number().positive().optional(),
  iat: z.number().positive().optional(),
  ref: z.string().optional(),
});

/** What a JSON Web Token says of itself; `undefined` for every other value. */
export function claimsOf(value: string): z.infer<typeof claims> | undefined {
  const [, payload, signature, ...more] = value.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    return claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString())).data;
  } catch {
    return undefined; // three words between dots, and no token
  }
}
