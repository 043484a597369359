import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The team's list of versions that must not be applied, in the application's checkout. */
export const manifestFile = 'config/migration-drift-manifest.json';

/** Why a version is not applied, in the team's words. */
export interface Forbidden {
  /** `SUPERSEDED_DO_NOT_APPLY`, `LEDGER_ONLY_DRIFT`, … */
  readonly classification: string;
  readonly reason: string;
}

const manifest = z.object({
  entries: z.array(
    z.object({
      version: z.string().regex(/^[0-9]+$/),
      classification: z.string().default('listed'),
      reason: z.string().default(''),
    }),
  ),
});

/** Every version that the team's list names; none without a list. A list that cannot be read is its problem, as text. */
export function forbiddenVersions(root: string): ReadonlyMap<string, Forbidden> | string {
  const file = join(root, manifestFile);
  if (!existsSync(file)) return new Map();
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return 'it is not JSON, so nobody knows which versions must not be applied';
  }
  const parsed = manifest.safeParse(given);
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path }) => path.join('.') || 'the file').slice(0, 5);
    return `it has another shape than known (${where.join(', ')}), so nobody knows which versions must not be applied`;
  }
  return new Map(parsed.data.entries.map(({ version, ...why }) => [version, why]));
}
