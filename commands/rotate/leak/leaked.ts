import { exitCode, UsageError } from '../../../cli/errors.ts';
import { withProgress } from '../../../cli/interrupt.ts';
import { missingConsent, refuseMissing } from '../../../cli/missing.ts';
import type { StagingServices } from '../../../deploys/stagingServices.ts';
import { exposures } from '../../../leaks/exposure.ts';
import { finderOf, sorted, type Leak, type Sorted } from '../../../leaks/leaks.ts';
import { rowsOfInput } from '../../../leaks/input.ts';
import { leaksJson, leaksText, type Seen } from '../../../leaks/text.ts';
import type { VaultValue } from '../../../leaks/vaultValues.ts';
import { planJson, planText } from '../../../rotation/planText.ts';
import { printable } from '../../../machine/printable.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';
import { SubjectError, subjectOf } from '../../../rotation/subject.ts';
import { foldersOf, withFoldersOf } from './folders.ts';
import type { Given } from '../given.ts';
import { endLeak } from './endLeak.ts';
import { applicationOf, prepare, type Prepared } from '../prepare.ts';
import { readVault, type Vault } from './vault.ts';
import { scanAgain, searching } from './scanAgain.ts';
import { whatIsLeft } from './whatIsLeft.ts';

/**
 * Says what leaked and who can have seen it, rotates it with no overlap, scans again, and keeps the incidents' records. Yields
 * the exit code: 2 where something that leaked is valid still, or may be.
 */
export async function rotateLeaked(
  staging: StagingServices,
  named: string | undefined,
  input: string | true,
  given: Given,
): Promise<number> {
  refuseOthers(given, named, input);
  if (named !== undefined) subjectOf(staging.settings, named); // before anything repeats what was typed
  if (!given.dryRun)
    await refuseMissing({ script: 'rotate', args: process.argv.slice(2), otherwise: 'what leaked stays valid' }, [
      ...missingConsent(given, staging.project.ref),
    ]);
  const vault = await readVault(staging.settings);
  const usual = foldersOf(staging.root, given);
  const found =
    named === undefined ? await withProgress(searching, foundBy(input, usual, vault)) : namedLeaks(named, vault);
  const folders = withFoldersOf(
    usual,
    [...found.leaks, ...found.strangers].flatMap((each) => each.found),
  );
  sayWhere(folders, given);
  const searched = [
    ...found.leaks.map(({ value }) => value).filter(({ state }) => state !== 'public'),
    ...found.strangers,
  ];
  const seen = await withProgress(searching, seenIn(folders, searched));
  const plans = await plansOf(staging, found.leaks, vault, given);
  if (given.dryRun) {
    show(found, vault, seen, plans, given.json);
    return (await isEnded(found, staging, plans, given)) ? exitCode.fine : exitCode.findings;
  }
  refuseSharedAnswer(found, plans, input);
  process.stdout.write(leaksText(found, namesIn(vault), seen));
  const codes: number[] = [];
  // The rotation before may have replaced this one too, and has changed what the vault holds in any case.
  const endNext = async (before: Leak) => {
    const now = await readVault(staging.settings);
    const same = now.values.find(({ secret }) => secret.reveal() === before.value.secret.reveal());
    const leak = { ...before, value: { ...(same ?? before.value), name: before.value.name } };
    const prepared = (await plansOf(staging, [leak], now, given)).get(leak);
    return endLeak({ staging, vault: now, leak, seen, given, named, prepared });
  };
  for (const [index, leak] of found.leaks.entries())
    codes.push(
      await (index === 0
        ? endLeak({ staging, vault, leak, seen, given, named, prepared: plans.get(leak) })
        : endNext(leak)),
    );
  if (found.leaks.length > 0) codes.push(await scanAgain({ staging, folders, leaks: found.leaks, vault }));
  if (codes.includes(exitCode.error)) return exitCode.error;
  return codes.includes(exitCode.findings) || !strangersAreFine(found) ? exitCode.findings : exitCode.fine;
}

function refuseOthers(given: Given, named: string | undefined, input: string | true): void {
  if (given.back)
    throw new UsageError(
      'What leaked is not put back. A rotation that is under way: --back with its VALUE, without --leaked.',
    );
  if (given.overlap !== undefined && given.overlap > 0)
    throw new UsageError('What leaked is rotated with no overlap: leave --overlap out.');
  if (given.to !== undefined)
    throw new UsageError('What leaked gets the kind that comes next by itself: leave --to out.');
  if (given.random && named === undefined)
    throw new UsageError(
      '--random says of one value that it is ours: give that VALUE. What was found may be a vendor’s key, which a random value would not replace.',
    );
  if (named !== undefined && input !== true)
    throw new UsageError('Give VALUE, or what was found (--leaked FINDINGS), not both.');
}

/** On standard error, so that a report stays one. */
function sayWhere(folders: readonly string[], given: Given): void {
  const missing = applicationOf(given) === undefined ? '; the application is not among them (--app PATH)' : '';
  process.stderr.write(`Looks through the files and the history of ${folders.map(printable).join(', ')}${missing} …\n`);
}

async function foundBy(input: string | true, folders: readonly string[], { values, from }: Vault): Promise<Sorted> {
  const find = finderOf(values.filter(({ state }) => state !== 'public'));
  const rows = await rowsOfInput(input, { folders, from, known: (text) => [...find(text)] });
  return sorted(rows, folders, values);
}

/** A value that somebody knows to have leaked, wherever that was. */
function namedLeaks(named: string, vault: Vault): Sorted {
  const all = vault.valuesOf(named);
  const values = all.filter(({ state }) => state === 'current');
  if (values.length === 0) {
    const why = all.some(({ state }) => state === 'public')
      ? 'made to be seen: nothing leaks where it stands'
      : 'no secret by its declaration (secret: true) or by its name, so nobody can say what leaked';
    throw new UsageError(
      `${named} is ${why}. To replace it all the same: ${forStack(`npm run rotate -- ${named} --overlap 0`)}`,
    );
  }
  return { leaks: values.map((value) => ({ value, found: [] })), strangers: [], lost: [] };
}

async function seenIn(folders: readonly string[], values: Parameters<typeof finderOf>[0]): Promise<Seen> {
  const seen = new Map<string, NonNullable<ReturnType<Seen['get']>>>();
  if (values.length === 0) return seen;
  const find = finderOf(values);
  for (const folder of folders)
    for (const [name, exposure] of await exposures(folder, find)) seen.set(name, [...(seen.get(name) ?? []), exposure]);
  return seen;
}

type Plans = ReadonlyMap<Leak, Prepared | SubjectError>;

/** How each current value is rotated; of several names that have it, the first by which that can be done. */
async function plansOf(staging: StagingServices, leaks: readonly Leak[], vault: Vault, given: Given): Promise<Plans> {
  const plans = new Map<Leak, Prepared | SubjectError>();
  for (const leak of leaks) {
    if (leak.value.state === 'public') continue;
    for (const name of vault.namesOf(leak.value)) {
      if (plans.has(leak) && !(plans.get(leak) instanceof SubjectError)) break;
      const plan = await planOf(staging, name, vault, given);
      plans.set(leak, plan instanceof SubjectError ? plan : (notReplacedBy(plan, leak.value) ?? plan));
    }
  }
  return plans;
}

/** A field with a value of its own, production's for one, is not what a rotation by its name replaces. */
function notReplacedBy({ plan }: Prepared, { references }: VaultValue): SubjectError | undefined {
  const members = plan.scope.members.map(({ reference }) => reference);
  const apart = references.filter((reference) => !members.includes(reference));
  if (apart.length === 0) return undefined;
  return new SubjectError(
    `${apart.join(', ')} has a value of its own: a rotation of ${plan.subject.value} replaces ${members.join(', ')}, and leaves it as it is. ` +
      `Replace what leaked by hand, in this order: a new one at its vendor, into 1Password, ${forStack('pulumi up')}, a deploy of what reads it, then revoke the old one.`,
  );
}

/** One answer on standard input is for one value: nobody can say for which of several. */
function refuseSharedAnswer({ leaks }: Sorted, plans: Plans, input: string | true): void {
  if (process.stdin.isTTY) return;
  const made = leaks.flatMap((leak) => {
    const plan = leak.value.state === 'current' ? plans.get(leak) : undefined;
    if (plan === undefined || plan instanceof SubjectError) return [];
    const { kind, value } = plan.plan.subject;
    return kind.how === 'person' ? [value] : [];
  });
  if (made.length === 0 || (made.length === 1 && input !== '-')) return;
  throw new UsageError(
    `Nothing was done: the new ${made.join(' and ')} ${made.length === 1 ? 'is' : 'are'} made by a person, and standard input ${input === '-' ? 'has the findings' : 'can give one value alone'}. ` +
      `Run it on a terminal, or give one VALUE at a time: ${forStack('npm run rotate -- VALUE --leaked')}`,
  );
}

async function planOf(
  staging: StagingServices,
  name: string,
  { held }: Vault,
  given: Given,
): Promise<Prepared | SubjectError> {
  const as = async (random: boolean) => {
    try {
      return await prepare(staging, name, { ...given, random }, 0, held);
    } catch (error) {
      if (error instanceof SubjectError) return error;
      throw error;
    }
  };
  const asked = await as(given.random);
  return given.random && asked instanceof SubjectError ? as(false) : asked;
}

function show(found: Sorted, vault: Vault, seen: Seen, plans: Plans, json: boolean): void {
  const current = found.leaks.filter(({ value }) => value.state === 'current').flatMap((leak) => plans.get(leak) ?? []);
  if (json) {
    const rotations = current.map((plan) =>
      plan instanceof SubjectError ? { problem: plan.message } : planJson(plan.plan, plan.readers),
    );
    process.stdout.write(`${JSON.stringify({ ...leaksJson(found, namesIn(vault), seen), rotations }, undefined, 2)}\n`);
    return;
  }
  const texts = current.map((plan) =>
    plan instanceof SubjectError ? `${plan.message}\n` : planText(plan.plan, plan.readers),
  );
  process.stdout.write([leaksText(found, namesIn(vault), seen), ...texts].join('\n'));
}

const namesIn = (vault: Vault) => (leak: Leak) => vault.namesOf(leak.value);

/** Whether nothing that was found is valid, as far as that can be known. Writes nothing. */
async function isEnded(found: Sorted, staging: StagingServices, plans: Plans, given: Given): Promise<boolean> {
  if (found.leaks.some(({ value }) => value.state === 'current') || !strangersAreFine(found)) return false;
  for (const leak of found.leaks) {
    const plan = plans.get(leak);
    if (leak.value.state === 'public') continue;
    if (plan === undefined || plan instanceof SubjectError) return false;
    const { isOver, text } = await whatIsLeft(staging, leak.value, plan, given.checked);
    process.stderr.write(`${text}\n`);
    if (!isOver) return false;
  }
  return true;
}

/** A token of another vault is nothing that this command ends. A warning is no leak. */
function strangersAreFine({ strangers, lost }: Sorted): boolean {
  return (
    strangers.every(({ severity }) => severity === 'warning') && lost.every(({ severity }) => severity === 'warning')
  );
}
