import type { StagingServices } from '../../../deploys/stagingServices.ts';
import { openManagement } from '../../../killSwitch/access.ts';
import type { Exposure } from '../../../leaks/exposure.ts';
import { limitsOf, usesLines } from '../../../rotation/uses.ts';
import type { Secret } from '../../../secrets/secret.ts';
import { listApiKeys } from '../../../services/supabase/apiKeys.ts';
import { usesOf } from '../uses.ts';

/**
 * Learns by what Supabase's logs will show a key, while the key is there. What it yields asks the logs, after the key's end and so
 * without holding it up: who used it since its first commit, as far back as they go.
 */
export async function usesLater(
  { settings, project }: Pick<StagingServices, 'settings' | 'project'>,
  key: Secret,
  exposures: readonly Pick<Exposure, 'since'>[],
): Promise<() => Promise<string>> {
  let opened: ReturnType<typeof openManagement> | undefined;
  const management = () => (opened ??= openManagement(settings));
  const list = async () => listApiKeys(await management(), project.ref);
  const known = await list().catch(() => undefined);
  const first = Math.min(...exposures.map(({ since }) => Date.parse(since?.date ?? '')));
  // Who commits can give any date; what was never committed has none.
  const since = new Date(first < Date.now() && exposures.length > 0 ? first : 0).toISOString();
  return async () => {
    const listed = () => (known === undefined ? list() : Promise.resolve(known));
    const end = Date.now();
    const used = await usesOf({ ref: project.ref, management, listed }, [key], since);
    if ('unknown' in used) return `Who used what leaked is not known. ${used.unknown}`;
    const limits = limitsOf(used, end);
    const but = limits === undefined ? '' : `; ${limits}`;
    if (used.uses.length === 0) return `Supabase’s logs have no request with what leaked since ${used.since}${but}.`;
    const lines = usesLines(used).join('\n  ');
    return `Used, as far back as Supabase’s logs go${but}, by the team’s own places and by this rotation’s own checks too: ${lines}`;
  };
}
