import type { BranchConnection, DatabaseBranch } from '../../services/supabase/management.ts';
import { branchUrl } from './cache.ts';
import { columns } from '../../machine/columns.ts';

/** Who made a branch, where it was not a person: Supabase's GitHub integration makes one for each pull request, and deletes it. */
export function integrationOf({ isDefault, gitBranch, pullRequest }: DatabaseBranch): string | undefined {
  if (isDefault) return undefined;
  if (pullRequest !== undefined) return `made by Supabase's GitHub integration for pull request #${pullRequest}`;
  return gitBranch === undefined ? undefined : `made by Supabase's GitHub integration for the branch ${gitBranch}`;
}

/** A line for each branch. */
export function branchTable(branches: readonly DatabaseBranch[]): string {
  const rows = branches.map((branch) => {
    const { name, ref, status, isDefault, persistent, createdAt } = branch;
    const marks = [isDefault ? 'the project itself' : integrationOf(branch), persistent ? 'persistent' : undefined];
    const shown = marks.filter((mark) => mark !== undefined).join(', ');
    return [name, ref, status, `since ${createdAt}`, shown === '' ? '' : `(${shown})`];
  });
  return columns(rows, '  ')
    .map((line) => `${line}\n`)
    .join('');
}

/** How to reach it. Password and keys are in the dashboard; they are never printed. */
export function connectionFacts({ ref, host, port, user, postgres, status }: BranchConnection): string {
  return [
    `  Status    ${status}`,
    `  API       ${branchUrl(ref)}`,
    `  Database  ${user ?? 'postgres'}@${host}:${port} (PostgreSQL ${postgres}); password and keys: dashboard, or \`supabase branches get\``,
    '',
  ].join('\n');
}
