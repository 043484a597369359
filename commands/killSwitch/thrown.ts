import { UsageError } from '../../cli/errors.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { openDatabase, openManagement } from '../../killSwitch/access.ts';
import { readSecret } from '../../killSwitch/secret.ts';
import { readTable } from '../../killSwitch/table.ts';
import type { Source } from './traces.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** A level that is on, and since when. */
export interface ThrownLevel {
  readonly source: Source;
  /** ISO 8601. */
  readonly since: string;
}

/**
 * The level whose refusals are to be proved: the secret where it is on, because agents read it first, else the row.
 * `since` stands for its time. Throws when nothing is on.
 */
export async function thrownLevel(
  staging: StagingServices,
  {
    emergency,
    since,
    report,
  }: { readonly emergency: boolean; readonly since: string | undefined; readonly report: (line: string) => void },
): Promise<ThrownLevel> {
  const secret = await readSecret(await openManagement(staging.settings), staging.project.ref).catch(
    (error: unknown) => {
      if (emergency) throw error;
      // Without it the row can be proved all the same: its refusals name it.
      report(
        `Level 2 could not be read. Where it is on, agents name it alone, which proves nothing for the row.\n${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    },
  );
  if (secret?.disabled === true) {
    const at = since ?? secret.at;
    if (at === undefined) throw new UsageError('Supabase does not say when level 2 was set: give --since TIME.');
    return { source: 'env', since: new Date(at).toISOString() };
  }
  const look = `Look: ${forStack('npm run kill-switch -- status')}`;
  if (emergency) throw new Error(`Level 2 is not on, so there is nothing to prove. ${look}`);
  const table = await readTable(await openDatabase(staging.settings));
  if (table?.disabled === true) return { source: 'db', since: since ?? table.at };
  if (since !== undefined) return { source: 'db', since }; // what the row did before it was taken back
  const other = secret === undefined ? 'Level 1 is not on, and level 2 could not be read' : 'Neither level is on';
  throw new Error(`${other}, so there is nothing to prove. ${look}`);
}
