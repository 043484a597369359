import { readFileSync, statSync } from 'node:fs';
import { audited } from '../../../audit/trail.ts';
import { writeWhole } from '../../../machine/writeWhole.ts';
import { organizationVariable } from '../../../settings/names/names.ts';
import { readFromNextDeploy } from '../../../settings/nextDeploy.ts';
import { interruptible, withProgress } from '../../../cli/interrupt.ts';
import { diagnosticsOf, pulumi } from '../../../engine/pulumi.ts';
import type { Finding } from '../finding.ts';
import { recordedOrganization, withOrganization } from '../checks/localOrganization.ts';
import type { Look, LookOptions } from '../observed.ts';
import { fixPlaced, isPlacedFix } from './placed.ts';
import { fixProtection } from './protection.ts';
import { newerInVault, onlyByUpdate } from './newerInVault.ts';
import type { Notes } from './notes.ts';
import { recordWrites } from './recordWrites.ts';
import { fixVariables } from './variables.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** What fixing did. */
export interface FixResult {
  /** One line for each write, without values. */
  readonly done: readonly string[];
  /** One line for each finding that could not be fixed, with the reason. */
  readonly failed: readonly string[];
  /** Whether a variable on Netlify was written, by a fixer or by an update. */
  readonly wroteNetlify: boolean;
}

/**
 * Fixes the chosen findings: values and rules straight at the services, one request each that replaces what is there, so
 * that nothing is absent at any moment; then the stack's state learns of the writes; what needs an update gets one.
 */
export async function applyFixes(options: LookOptions, seen: Look, chosen: readonly Finding[]): Promise<FixResult> {
  const notes: Notes = {
    open: [],
    done: [],
    failed: [],
    writes: { variables: new Map(), placed: new Map(), rulesetId: undefined },
    wroteNetlify: false,
  };
  await interruptible(
    () => stopped(notes),
    () => fixSteps(options, seen, chosen, notes),
  );
  return { done: notes.done, failed: notes.failed, wroteNetlify: notes.wroteNetlify };
}

const updateStep = () => forStack('pulumi up');

/** What Ctrl-C leaves, in one line each. */
function stopped({ done, failed, open, wroteNetlify }: Notes): string[] {
  const mayHaveWritten = open[0] === updateStep();
  return [
    `Stopped. Fixed: ${done.length === 0 ? 'nothing' : done.join('; ')}.`,
    ...(failed.length === 0 ? [] : [`Not fixed: ${failed.join('; ')}.`]),
    ...(open.length === 0 ? [] : [`Not finished: ${open.join(', ')}.`]),
    `See what is left: ${forStack('npm run drift')} (after a ${forStack('pulumi up')} that was cut off: ${forStack('npm run recover')})`,
    ...(wroteNetlify || mayHaveWritten
      ? [`${wroteNetlify ? '' : `If ${forStack('pulumi up')} wrote a variable: `}${readFromNextDeploy()}`]
      : []),
  ];
}

async function fixSteps(options: LookOptions, seen: Look, chosen: readonly Finding[], notes: Notes): Promise<void> {
  await requireCurrent(seen);
  const behind = chosen.filter(({ where }) => where.target === '1Password');
  const { superseded, undecided } = newerInVault(seen.findings, chosen);
  notes.failed.push(...undecided.map(({ where }) => `${where.subject}: ${onlyByUpdate()}`));
  const others = chosen.filter((each) => !superseded.includes(each));
  const of = (...targets: Finding['where']['target'][]) => others.filter(({ where }) => targets.includes(where.target));
  const variables = of('Netlify');
  const placed = of('GitHub', 'Supabase').filter(({ kind }) => isPlacedFix(kind));
  const rules = of('GitHub').filter(({ kind }) => !isPlacedFix(kind));
  const steps: [name: string, wanted: boolean, work: () => Promise<void> | void][] = [
    ['variables on Netlify', variables.length > 0, () => fixVariables(options, seen, variables, notes)],
    ['values on GitHub and at Supabase', placed.length > 0, () => fixPlaced(options, seen, placed, notes)],
    ['rules on GitHub', rules.length > 0, () => fixProtection(options, seen, rules, notes)],
    ['.env.local', of('local').length > 0, () => fixLocal(options, seen, notes)],
    // Also after a failure: what was written must be known to the stack.
    ['the stack’s record of these writes', true, () => recordWrites(options, seen.recorded, notes.writes)],
    [updateStep(), behind.length > 0, () => update(options, behind, notes)],
  ];
  const wanted = steps.filter(([, isWanted]) => isWanted);
  notes.open.push(...wanted.map(([name]) => name));
  for (const [name, , work] of wanted) {
    await withProgress(name, attempt(notes, work));
    notes.open.shift();
  }
}

/** Refuses when what would be written is not the last word: an update ended since the check, or was killed half way. */
async function requireCurrent({ recorded }: Look): Promise<void> {
  if (recorded.pendingOperations > 0) {
    throw new Error(
      `Nothing was fixed: an update was killed half way, and what it wrote is not known: ${forStack('npm run recover')}`,
    );
  }
  if (await recorded.isCurrent()) return;
  throw new Error(
    `Nothing was fixed: the stack was updated since the check. Check again: ${forStack('npm run drift')}`,
  );
}

/** Runs one fixer; its failure keeps no other from its work. */
async function attempt(notes: Notes, work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    notes.failed.push(error instanceof Error ? error.message : String(error));
  }
}

/** Lets the engine write what the vault or the configuration has newer: those resources alone, where they are known. */
async function update({ root, stack }: LookOptions, behind: readonly Finding[], notes: Notes): Promise<void> {
  const whole = behind.some(({ where }) => where.resources === undefined);
  const resources = [...new Set(behind.flatMap(({ where }) => where.resources ?? []))];
  const targets = whole ? [] : resources.flatMap((name) => ['--target', `**::${name}`]);
  process.stderr.write(`Running ${updateStep()} …\n`);
  const output = await pulumi(['up', '--yes', '--skip-preview', '--stack', stack, ...targets], { cwd: root });
  for (const line of await diagnosticsOf(output, 'warning')) process.stderr.write(`${line}\n`);
  notes.wroteNetlify ||= whole || resources.some((name) => name.startsWith('netlify-'));
  notes.done.push(`stack: updated${whole ? '' : `, ${resources.join(', ')}`}`);
}

/** Sets the organisation in the developer's own file; every other line, and who may read it, stays. */
async function fixLocal({ localFile }: LookOptions, { recorded }: Look, notes: Notes): Promise<void> {
  const organization = recordedOrganization(recorded);
  if (organization === undefined) throw new Error('.env.local: the state could not be decrypted.');
  const text = withOrganization(readFileSync(localFile, 'utf8'), organization);
  const writes = [{ place: 'localFile', name: organizationVariable, value: organization }];
  await audited({ action: 'set', writes }, () => writeWhole(localFile, text, statSync(localFile).mode & 0o777));
  notes.done.push(`.env.local: ${organizationVariable} set`);
}
