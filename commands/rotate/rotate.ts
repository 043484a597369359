import { exitCode, UsageError } from '../../cli/errors.ts';
import { confirm } from '../../cli/confirm.ts';
import { interruptible } from '../../cli/interrupt.ts';
import { missingConsent, refuseMissing } from '../../cli/missing.ts';
import { actor } from '../../cli/sharedProject.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { inTimeline } from '../../incidents/timeline.ts';
import { rotateBack } from '../../rotation/back.ts';
import { rotateForward } from '../../rotation/forward.ts';
import { newJournal, type Journal } from '../../rotation/journal.ts';
import type { Plan } from '../../rotation/plan.ts';
import { planText } from '../../rotation/planText.ts';
import { WaitsError } from '../../rotation/ports.ts';
import { oldValues } from '../../rotation/vault/steps.ts';
import { ServiceError } from '../../services/door/http.ts';
import { Secret } from '../../secrets/secret.ts';
import { valueOf } from '../../secrets/valueOf.ts';
import { VaultSession } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';
import { refuseAbsent } from './absent.ts';
import { opensAsBearer } from './bearer.ts';
import type { RotateOptions } from './given.ts';
import { realPorts } from './ports.ts';
import type { Prepared } from './prepare.ts';
import { refusal } from './unfit.ts';
import { stopped, ways } from './ways.ts';

/** How a rotation ended. */
export interface Ended {
  readonly code: number;
  /** Whether the old one opens something still, or may, although it is refused as a key. */
  readonly opensStill: boolean;
}

/** Begins a rotation, goes on with it, or takes it back. */
export async function rotate(
  staging: StagingServices,
  { plan, readers, values, journals }: Prepared,
  options: RotateOptions,
): Promise<Ended> {
  const { value } = plan.subject;
  await refuseMissing({ script: 'rotate', args: process.argv.slice(2), otherwise: 'the old one stays' }, [
    ...missingConsent(options, staging.project.ref),
  ]);
  const access = vaultAccess();
  if (access.kind === 'none' || values === undefined)
    throw new Error(
      'No access to 1Password, so nothing was done. Set OP_SERVICE_ACCOUNT_TOKEN to a token that may write the item, or OP_ACCOUNT for the desktop app.',
    );
  const command = (flag: string) => forStack(`npm run rotate -- ${value} --${flag}`);
  const waysNow = () => ways(journals.read(value), command);
  return journals.hold(value, async () => {
    const known = checked(journals.read(value), plan, options, command);
    if (known === undefined) {
      await refuseAbsent(staging, plan);
      process.stderr.write(planText(plan, readers));
      const why = refusal(readers, plan, options);
      if (why !== undefined) {
        process.stderr.write(`${why}\n`);
        return { code: exitCode.findings, opensStill: false };
      }
      if (!(await confirm(`Rotate ${value}?`, { yes: options.yes }))) {
        process.stderr.write('Nothing was done.\n');
        return { code: exitCode.error, opensStill: false };
      }
    }
    const by = actor(undefined);
    const journal =
      (known && { ...known, overlapSeconds: options.overlapSeconds }) ??
      newJournal(value, by, plan.scope, (reference) => new Secret(valueOf(values, reference)), {
        overlapSeconds: options.overlapSeconds,
        random: plan.subject.kind.how === 'random',
      });
    journals.save(journal);
    const ports = realPorts(staging, new VaultSession(access), { plan, readers }, options);
    const work = { plan, ports, journals, journal };
    const isBack = journal.direction === 'back' || options.back;
    let opensStill = false;
    const go = async () => {
      try {
        await (isBack ? rotateBack(work) : rotateForward(work));
      } catch (error) {
        if (!(error instanceof WaitsError)) throw error;
        process.stderr.write(`${error.message}\n${waysNow()}\n`);
        return exitCode.findings;
      }
      process.stdout.write(
        isBack
          ? `${value} is as it was: every place has the old one again.\n`
          : `${value} is rotated: every place has the new one${plan.subject.kind.how === 'supabase-key' ? ', and the old one is refused' : ''}.\n`,
      );
      if (isBack) {
        for (const line of takenAnew(plan, journal)) process.stdout.write(`  ${line}\n`);
        return exitCode.fine;
      }
      for (const { who, what } of plan.persons) process.stdout.write(`  ${who}: ${what}\n`);
      if (journal.legacy) opensStill = await sayBearers(staging, await oldValues(ports, journal));
      return exitCode.fine;
    };
    try {
      const code = await inTimeline(
        staging.root,
        by,
        `rotate ${value}${isBack ? ' --back' : ''}`,
        () => interruptible(() => [stopped(journals.read(value), command)], go),
        () => undefined,
      );
      return { code, opensStill };
    } catch (error) {
      if (journals.read(value) !== undefined) process.stderr.write(`${waysNow()}\n`);
      throw error;
    }
  });
}

/** What is left to people once a rotation was taken back that had given the new value to anybody. */
function takenAnew({ subject: { kind }, persons }: Plan, { started }: Journal): string[] {
  const wasGiven = started['staging-vault'] !== undefined || started['production-vault'] !== undefined;
  return [
    ...(kind.how === 'person' && started.make !== undefined
      ? [`The new one, where you made one, is still valid: revoke it at ${kind.vendor}`]
      : []),
    ...(wasGiven ? persons.map(({ who, what }) => `${who}, if they took the new one meanwhile: ${what}`) : []),
  ];
}

/**
 * A legacy key is a signed token besides: says where one still opens something as that, and yields whether one does, or whether
 * nobody could ask. The rotation itself is over.
 */
async function sayBearers(staging: StagingServices, old: readonly Secret[]): Promise<boolean> {
  try {
    const line = await opensAsBearer(staging, ...old);
    if (line !== undefined) process.stdout.write(`  NOT over: the old one ${line}\n`);
    return line !== undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    process.stdout.write(
      `  Whether the old one still opens something as a bearer token could not be asked: ${error.message}\n`,
    );
    return true;
  }
}

/** The rotation that is under way, as far as it is what was asked for. */
function checked(
  known: Journal | undefined,
  { subject: { value } }: Plan,
  { resume, back }: RotateOptions,
  command: (flag: string) => string,
): Journal | undefined {
  const goesOn = resume || back;
  if (known === undefined && goesOn)
    throw new UsageError(
      `No rotation of ${value} is under way here. Begin one: ${forStack(`npm run rotate -- ${value}`)}`,
    );
  if (known === undefined) return undefined;
  if (!goesOn) {
    throw new UsageError(`${value} is being rotated, begun by ${known.by} at ${known.since}. ${ways(known, command)}`);
  }
  if (known.direction === 'back' && !back)
    throw new UsageError(`The rotation of ${value} is being taken back. Go on: ${command('back')}`);
  return known;
}
