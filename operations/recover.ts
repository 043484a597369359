import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fileSettings } from '../settings/file.ts';
import { projectRoot } from '../settings/projectRoot.ts';
import { adopted, type Export } from './adopt/deployment.ts';
import { importExisting } from './adopt/importExisting.ts';
import { planAdoption, type Adoption } from './adopt/plan.ts';
import { readExisting } from './adopt/readExisting.ts';
import { exitCode, runCommand } from './cli.ts';
import { confirm } from './confirm.ts';
import { pulumi } from './pulumi.ts';
import { stateBackend } from './recover/backend.ts';
import { removeLock, stackLocks } from './recover/locks.ts';
import { pendingOperations, planRecovery, type RecoveryPlan } from './recover/pending.ts';
import { asJson, asText, type Findings } from './recover/report.ts';
import { recovered } from './recover/state.ts';

const help = `
npm run recover -- [--dry-run] [--yes] [--json] [--stack NAME]

Puts the stack in order after a \`pulumi up\` that was killed half way, so that the next one can go on:

  - takes away the lock of a process that is dead. A lock whose owner runs, or ran on another machine, is never touched;
  - looks at each operation that was under way. What was created on Netlify or GitHub and is not in the state yet is
    taken over, what was deleted is forgotten, and everything else is left to the next \`pulumi up\`.

It writes to no service, and it shows what it will do first.

  --dry-run     show the plan, do nothing
  --yes         do it without asking
  --json        the plan as JSON
  --stack NAME  default: staging

Where operations were under way it needs NETLIFY_API_TOKEN and GITHUB_TOKEN (reading is enough), and always access to
the stack's state. Locks are looked at where the state is in a folder (file://); in S3, Google Cloud Storage, Azure,
PostgreSQL or Pulumi Cloud nobody can tell from here whether the owner lives: there a person decides (pulumi cancel).

Exit codes: 0 in order, 1 it cannot go on.
`;

void runCommand({
  help,
  options: {
    'dry-run': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    stack: { type: 'string', default: 'staging' },
  },
  async run({ 'dry-run': dryRun, yes, json, stack }) {
    const root = projectRoot();
    const backend = await stateBackend(root);
    const locks = backend.kind === 'folder' ? stackLocks(backend.folder, projectName(root), stack) : [];
    const exported = await exportState(root, stack);
    const state = JSON.parse(exported) as Export;
    const { plan, adoptions } = await planFor(
      state,
      root,
      stack,
      locks.some(({ owner }) => owner === 'running'),
    );
    const findings: Findings = { backend, locks, plan };
    process.stdout.write(json ? asJson(findings) : asText(findings));
    if (plan.problems.length > 0 || locks.some(({ owner }) => owner !== 'dead')) return exitCode.error;
    const pending = pendingOperations(state).length > 0;
    if (dryRun || (locks.length === 0 && !pending)) return exitCode.fine;
    if (!(await confirm('Do this?', { yes }))) {
      process.stderr.write('Nothing was done.\n');
      return exitCode.error;
    }
    const imported = adoptions.length > 0 ? await importExisting(root, stack, adoptions) : [];
    // Another run may have begun and ended since the state was read: its result must not be written over.
    if ((await exportState(root, stack)) !== exported) {
      throw new Error('The state has changed meanwhile, so nothing was done. Run it again.');
    }
    for (const lock of locks) removeLock(lock);
    if (pending) {
      const input = JSON.stringify(recovered(state, plan.decisions, imported.map(adopted)));
      await pulumi(['stack', 'import', '--stack', stack], { cwd: root, input });
    }
    process.stderr.write('The stack is in order. Nothing was written to any service. Next: pulumi up\n');
    return exitCode.fine;
  },
});

function exportState(root: string, stack: string): Promise<string> {
  return pulumi(['stack', 'export', '--stack', stack], { cwd: root });
}

/** What to do about the interrupted operations. While the run goes on they are its own business, and nothing is asked. */
async function planFor(
  state: Export,
  root: string,
  stack: string,
  isRunning: boolean,
): Promise<{ readonly plan: RecoveryPlan; readonly adoptions: readonly Adoption[] }> {
  if (isRunning || pendingOperations(state).length === 0)
    return { plan: { decisions: [], problems: [] }, adoptions: [] };
  const settings = fileSettings(root, stack);
  process.stderr.write('Reading Netlify and GitHub …\n');
  const existing = await readExisting(settings, root, stack);
  const there = planAdoption(settings, existing, new Set()).adoptions;
  const plan = planRecovery(state, existing, there);
  const created = new Set(plan.decisions.filter(({ action }) => action === 'adopt').map(({ name }) => name));
  return { plan, adoptions: there.filter(({ name }) => created.has(name)) };
}

function projectName(root: string): string {
  return (parse(readFileSync(join(root, 'Pulumi.yaml'), 'utf8')) as { name: string }).name;
}
