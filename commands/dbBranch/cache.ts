import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { writeWhole } from '../../machine/writeWhole.ts';
import type { DatabaseBranch } from '../../services/supabase/management.ts';

/** Where other scripts and jobs of the application look up a branch by its name: in the folder where the command runs. */
export const branchCache = '.cache/supabase-branches';

/** The public address of a branch's API. */
export function branchUrl(ref: string): string {
  return `https://${ref}.supabase.co`;
}

/** The lines that a job reads: `KEY=value`, without a secret. */
export function branchLines({ id, name, ref }: DatabaseBranch): string {
  return `BRANCH_ID=${id}\nBRANCH_URL=${branchUrl(ref)}\nBRANCH_NAME=${name}\n`;
}

/** Whether a name can be a file's below the cache; one with `..` could be any file. */
export function isCacheable(name: string): boolean {
  const inside = relative(branchCache, fileOf(name));
  return inside !== '' && !inside.startsWith('..');
}

/** Keeps what other jobs read of a branch: its id and its address, no secret. */
export function rememberBranch(branch: DatabaseBranch): void {
  const { id, name, ref, createdAt } = branch;
  const kept = {
    id,
    name,
    original_name: name,
    project_ref: ref,
    database_url: branchUrl(ref),
    created_at: createdAt,
    cached_at: new Date().toISOString(),
  };
  const file = fileOf(name);
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, `${JSON.stringify(kept, undefined, 2)}\n`);
}

/** Forgets a branch that is gone. */
export function forgetBranch(name: string): void {
  rmSync(fileOf(name), { force: true });
}

function fileOf(name: string): string {
  return resolve(join(branchCache, `${name}.json`));
}
