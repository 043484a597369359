import type { Api } from '../../services/door/http.ts';
import { listBranches, type DatabaseBranch } from '../../services/supabase/management.ts';
import { exitCode } from '../../cli/errors.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** What a person asked for, and how the answer is printed. */
export interface Act {
  readonly timeoutMs: number;
  readonly yes: boolean;
  readonly project: string | undefined;
  /** The reference of the project whose branches they are. */
  readonly ref: string;
  /** Whether production uses that project too. */
  readonly isShared: boolean;
  readonly dryRun: boolean;
  /** Whether branches of Supabase's GitHub integration may be deleted. */
  readonly integration: boolean;
  readonly print: (text: string, data: unknown) => void;
  readonly report: (line: string) => void;
}

/** The result of a call that changed nothing: as wished with `--dry-run`, else an error. */
export function nothing({ dryRun, print }: Act): number {
  print(`Nothing was done${dryRun ? ' (--dry-run)' : ''}.\n`, { dryRun });
  return dryRun ? exitCode.fine : exitCode.error;
}

/** The branch of the project `parent` with that name, or of that reference. Throws when there is none. */
export async function findBranch(api: Api, parent: string, name: string): Promise<DatabaseBranch> {
  const branches = await listBranches(api, parent);
  const branch = branches.find((one) => one.name === name || one.ref === name || one.id === name);
  if (!branch) throw new Error(`There is no branch ${name}. See them: ${forStack('npm run db:branch:list')}`);
  return branch;
}
