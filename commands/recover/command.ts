import { audited } from '../../audit/trail.ts';
import { leftEngines, stopEngines } from '../../engine/leftEngines.ts';
import { leftProviders } from '../../engine/leftProviders.ts';
import { netlifyApi, type LiveVariable } from '../../services/netlify/netlify.ts';
import { fileSettings, projectName } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { adopted, type Export } from '../../engine/deployment.ts';
import { withOwnSecrets } from '../../adoption/functionSecrets.ts';
import { importExisting } from '../../adoption/importExisting.ts';
import type { Adoption } from '../../adoption/existing.ts';
import { planAdoption } from '../../adoption/plan.ts';
import { readExisting } from '../../adoption/readExisting.ts';
import { withSeenTimes } from '../../adoption/seenTimes.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { flag, several, stack, yes } from '../../cli/options.ts';
import { program } from '../../cli/program.ts';
import { confirm } from '../../cli/confirm.ts';
import { attemptInTimeline } from '../../incidents/timeline.ts';
import { interruptible, withProgress } from '../../cli/interrupt.ts';
import { exportedStack } from '../../engine/exportedStack.ts';
import { pulumi } from '../../engine/pulumi.ts';
import { askArrived, askedFor, refusedNext, tokenUser, withArrived, withoutOthers } from './arrived.ts';
import { stateBackend } from '../../engine/stateBackend.ts';
import { leftBehind } from './leftBehind.ts';
import { lateArrivals } from './late.ts';
import { pendingOperations, planRecovery, type RecoveryPlan } from '../../recovery/pending.ts';
import { endLeftProviders, requireNoProviders, waitForEnd } from './providers.ts';
import { asJson, asText, type Findings } from './report.ts';
import { allowOnce } from '../../recovery/secretChange.ts';
import { brokenSidecars, removeSidecars } from '../../engine/sidecars.ts';
import { stackLocks, unlock } from './stackLocks.ts';
import { recovered } from './state.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

const about = `
Puts the stack in order after a \`pulumi up\` that was killed half way, so that the next one can go on:

  - asks a Pulumi to stop that goes on although the command that ran it was killed (kill -9, a closed session);
  - ends the providers of the killed run: they outlive the engine by minutes, and finish the request that they are in.
    Only those of this user and of this folder, whose engine is gone. For which stack they work, the machine does not say;
  - takes away the lock of a process that is dead. A lock whose owner runs, or ran on another machine, is never touched;
  - mends a state file that Pulumi cannot read because the kill cut short what lies beside it;
  - looks at each operation that was under way. What was created on Netlify or GitHub and is not in the state yet is
    taken over, what was deleted is forgotten, and everything else is left to the next \`pulumi up\`;
  - removes the values that a killed \`npm run adopt\` left in memory, without asking.

It writes to no service, and it shows what it will do first.

A secret key that has values outside staging's contexts may have been changed by the killed run or by hand meanwhile, and
nobody can read which. That is asked separately, and \`--yes\` does not answer it: without an answer the next \`pulumi up\` refuses
to write the key until a run allows it (STAGING_PRODUCTION_CHANGES=allow). Say yes only if nobody has changed the key by hand. It is not
asked where Netlify names another user than this token's as the writer.
`;

const more = `
Where operations were under way it needs NETLIFY_API_TOKEN and GITHUB_TOKEN (reading is enough), and always access to
the stack's state. Where that is in S3, Google Cloud Storage, Azure or PostgreSQL, Pulumi itself is asked who holds the
stack: that takes the lock for a moment, also with --dry-run, and a dead owner's lock is taken away by \`pulumi cancel\`.
An owner is of this machine when the lock has this machine's name: answer no where another machine has the same one. Only
in Pulumi Cloud it cannot be seen from here whether the owner lives: there a person decides (pulumi cancel).

Exit codes: 0 in order, 1 it cannot go on.
`;

export const command = program(
  define('recover', about)
    .addOption(flag('--dry-run', 'show the plan, do nothing'))
    .addOption(yes)
    .addOption(
      flag(
        '--wait',
        "wait until the killed run's Pulumi and providers have ended by themselves, ten minutes at most, instead of ending them",
      ),
    )
    .addOption(
      several(
        '--arrived <KEY>',
        "the last change of this key on Netlify was the killed run's own (see above); once for each key. Also for what came " +
          'after the stack was in order, when the next update refuses to write the key',
      ),
    )
    .addOption(flag('--json', 'the plan as JSON'))
    .addOption(stack)
    .action(ends(recover)),
  { more },
);

interface Given {
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly wait: boolean;
  readonly arrived: readonly string[];
  readonly json: boolean;
  readonly stack: string;
}

async function recover({ dryRun, yes, wait, arrived, json, stack }: Given): Promise<number> {
  process.stderr.write(leftBehind(dryRun));
  const root = projectRoot();
  const place = { root, project: projectName(root), stack };
  const backend = await stateBackend(root);
  const nothing = { backend, stack, locks: [], engines: [], providers: [], broken: [], plan: undefined };
  if (wait && !dryRun) await waitForEnd(place);
  const engines = leftEngines(place);
  if (engines.length > 0) {
    const canStop = engines.every(({ belongs }) => belongs === 'this');
    if (!json || dryRun || !canStop) show({ ...nothing, engines }, json);
    if (!canStop) return exitCode.error;
    if (dryRun) return exitCode.fine;
    if (!(await confirm('Stop the Pulumi whose command was killed?', { yes }))) return refused(waitInstead());
    await attemptInTimeline(root, 'recover: stopped the Pulumi whose command was killed', () =>
      withProgress('stopping Pulumi', stopEngines(engines)),
    );
  }
  const locks = await stackLocks(backend, place, stack);
  const isFree = locks.every(({ owner }) => owner === 'dead');
  const providers = await leftProviders(place);
  if (providers.length > 0) {
    // Nothing is judged while they may still write.
    const canEnd = isFree && providers.every(({ belongs }) => belongs === 'this');
    if (!json || dryRun || !canEnd) show({ ...nothing, locks, providers }, json);
    if (!canEnd) return exitCode.error;
    if (dryRun) return exitCode.fine;
    if (!(await confirm('End the providers of the killed run?', { yes }))) return refused(waitInstead());
    await attemptInTimeline(root, 'recover: ended the providers of a killed run', () =>
      endLeftProviders(place, providers),
    );
  }
  const broken = isFree && backend.kind === 'folder' ? brokenSidecars(backend.folder) : [];
  // The state can be read only when nobody writes it, and when its sidecar is not broken.
  const isReadable = isFree && broken.length === 0;
  const first = isReadable ? await readStack(root, stack, arrived) : undefined;
  show({ ...nothing, locks, broken, plan: first?.plan }, json);
  if (!isFree) return exitCode.error;
  const pending = first?.plan.decisions.length ?? 0;
  if (dryRun || (isReadable && locks.length === 0 && pending === 0)) {
    if (providers.length > 0) process.stderr.write(late());
    return exitCode.fine;
  }
  if (!(await confirm('Do this?', { yes }))) return refused();
  removeSidecars(broken);
  const found = first ?? (await readStack(root, stack, arrived));
  if (!first) {
    show({ ...nothing, locks, plan: found.plan }, json);
    if (found.plan.decisions.length > 0 && !(await confirm('Do this, too?', { yes }))) return refused();
  }
  const plan = yes ? found.plan : await askArrived(found.plan, confirm);
  await interruptible(
    () => [
      `Stopped. Nothing was written to any service. What of the stack is not in order yet: ${forStack('npm run recover')}`,
    ],
    () =>
      attemptInTimeline(root, 'recover: the stack is put in order after a killed run', () =>
        withProgress(
          'settling',
          settle(root, stack, { ...found, plan }, () => unlock(backend, place, stack, locks)),
        ),
      ),
  );
  await requireNoProviders(place);
  process.stderr.write(`The stack is in order. Nothing was written to any service. Next: ${next(plan, stack)}\n`);
  if (providers.length > 0) process.stderr.write(late());
  return exitCode.fine;
}

const waitInstead = () =>
  `They end by themselves within ten minutes. To wait for that: ${forStack('npm run recover -- --wait')}`;
const late = () =>
  `What the ended providers had sent may still arrive. If the next ${forStack('pulumi up')} then refuses to write a key that nobody else ` +
  `has changed: ${forStack('npm run recover -- --arrived KEY')}\n`;

/** What the stack's state holds, and what to do about it. */
interface Found {
  /** As exported, to see later that it is still the same. */
  readonly exported: string;
  readonly plan: RecoveryPlan;
  /** What was created and is to be taken over. */
  readonly created: readonly Adoption[];
  /** The site's variables, as they were when the plan was made. */
  readonly variables: readonly LiveVariable[];
}

function show(findings: Findings, json: boolean): void {
  process.stdout.write(json ? asJson(findings) : asText(findings));
}

function refused(instead = ''): number {
  process.stderr.write(`Nothing more was done. ${instead}`.trimEnd() + '\n');
  return exitCode.error;
}

/** What a person does after it. */
function next(plan: RecoveryPlan, stack: string): string {
  const refused = refusedNext(plan);
  return refused.length === 0
    ? forStack('pulumi up')
    : `${forStack('pulumi up')}, which refuses to write ${refused.join(', ')}: ${allowOnce(stack)}`;
}

async function readStack(root: string, stack: string, arrived: readonly string[]): Promise<Found> {
  const exported = await exportedStack(root, stack);
  const state = JSON.parse(exported) as Export;
  if (pendingOperations(state).length === 0 && arrived.length === 0)
    return { exported, plan: { decisions: [] }, created: [], variables: [] };
  const settings = fileSettings(root, stack);
  process.stderr.write('Reading Netlify and GitHub …\n');
  const existing = await readExisting(settings, root, stack);
  const there = planAdoption(settings, existing, new Set()).adoptions;
  const pending = planRecovery(state, existing, there, settings.netlify);
  const lateKeys = arrived.filter((key) => !pending.decisions.some((decision) => decision.key === key));
  const found = { decisions: [...pending.decisions, ...lateArrivals(state, existing, lateKeys, settings.netlify)] };
  const user = askedFor(found).length > 0 ? await tokenUser(netlifyApi()) : undefined;
  const plan = withArrived(withoutOthers(found, user), arrived);
  const names = new Set(plan.decisions.filter(({ action }) => action === 'adopt').map(({ name }) => name));
  const created = there.filter(({ name }) => names.has(name));
  return { exported, plan, created, variables: existing.variables };
}

/** Takes the dead locks away and writes the state, when it is still the one that was shown. */
async function settle(root: string, stack: string, found: Found, release: () => Promise<void>): Promise<void> {
  const read = found.created.length > 0 ? await importExisting(root, stack, found.created) : [];
  const imported = withOwnSecrets(read, found.created, fileSettings(root, stack), undefined).resources;
  // Another run may have begun and ended since the state was read: its result must not be written over.
  if ((await exportedStack(root, stack)) !== found.exported) {
    throw new Error('The state has changed meanwhile, so nothing was done. Run it again.');
  }
  await release();
  if (found.plan.decisions.length === 0) return;
  const created = withSeenTimes(imported.map(adopted), found.variables);
  const state = recovered(JSON.parse(found.exported) as Export, found.plan.decisions, created);
  const writes = found.plan.decisions.map(({ name }) => ({ place: 'stack', name }));
  await audited({ action: 'put in order', writes }, () =>
    pulumi(['stack', 'import', '--stack', stack], { cwd: root, input: JSON.stringify(state) }),
  );
}
