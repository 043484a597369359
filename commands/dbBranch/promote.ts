import type { Api } from '../../services/door/http.ts';
import { mergeBranch } from '../../services/supabase/management.ts';
import { exitCode } from '../../cli/errors.ts';
import { confirmSharedProject } from '../../cli/sharedProject.ts';
import { findBranch, nothing, type Act } from './act.ts';
import { requireUsable } from '../../services/supabase/projectState.ts';
import { thisWill } from '../../cli/dryRun.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** Applies a branch's migrations to the shared project, after its reference was typed: production uses it. */
export async function promote(api: Api, name: string, act: Act): Promise<number> {
  const branch = await findBranch(api, act.ref, name);
  if (branch.isDefault) throw new Error(`${name} is the project itself. Nothing was done.`);
  act.report(
    `${thisWill(act.dryRun)} apply the migrations of ${name} (${branch.status}) to ${act.ref}${act.isShared ? ': PRODUCTION uses it' : ''}.`,
  );
  if (branch.status !== 'MIGRATIONS_PASSED' && branch.status !== 'FUNCTIONS_DEPLOYED') {
    throw new Error(`The branch is ${branch.status}: only one whose migrations passed is promoted. Nothing was done.`);
  }
  await requireUsable(api, act.ref);
  if (act.dryRun || !(await confirmSharedProject('Type the project’s reference to promote:', act))) return nothing(act);
  await mergeBranch(api, branch.ref);
  act.print(
    `Supabase applies the migrations of ${name}. Prove it: npm run preview:smoke; then: ${forStack(`npm run db:branch:delete -- ${name}`)}\n`,
    { promoted: branch },
  );
  return exitCode.fine;
}
