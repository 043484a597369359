import { exitCode } from '../../../cli/errors.ts';
import { actor } from '../../../cli/sharedProject.ts';
import type { StagingServices } from '../../../deploys/stagingServices.ts';
import { incidentsIn } from '../../../incidents/timeline.ts';
import type { Leak } from '../../../leaks/leaks.ts';
import { noteLeak } from '../../../leaks/record.ts';
import { leaksText, type Seen } from '../../../leaks/text.ts';
import { SubjectError } from '../../../rotation/subject.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';
import { optionsOf, placesAreChecked, type Given } from '../given.ts';
import type { Prepared } from '../prepare.ts';
import { rotate } from '../rotate.ts';
import type { Vault } from './vault.ts';
import { usesLater } from './leakUses.ts';
import { whatIsLeft } from './whatIsLeft.ts';

interface Ending {
  readonly staging: StagingServices;
  readonly vault: Vault;
  readonly leak: Leak;
  readonly seen: Seen;
  readonly given: Given;
  /** The VALUE that was typed. */
  readonly named: string | undefined;
  readonly prepared: Prepared | SubjectError | undefined;
}

/** Ends what leaked, or says why there is nothing to do. Yields the exit code. */
export async function endLeak(ending: Ending): Promise<number> {
  const { staging, leak, given, prepared } = ending;
  const { value } = leak;
  if (value.state === 'public') return exitCode.fine;
  if (prepared === undefined) throw new Error(`${value.references.join(', ')} has no name in the configuration.`);
  if (prepared instanceof SubjectError) {
    say(prepared.message);
    return exitCode.findings;
  }
  const { value: subject } = prepared.plan.subject;
  const isUnderWay = prepared.journals.read(subject) !== undefined;
  if (value.state === 'previous' && !isUnderWay) {
    const { isOver, text } = await whatIsLeft(staging, value, prepared, given.checked);
    say(text);
    return isOver ? exitCode.fine : exitCode.findings;
  }
  const known = leaksText(
    { leaks: [leak], strangers: [], lost: [] },
    () => ending.vault.namesOf(value),
    ending.seen,
  ).trimEnd();
  const isNoted = note(ending, subject, known, true);
  try {
    const checked = placesAreChecked(given, ending.named);
    const options = optionsOf({ ...given, checked, resume: given.resume && isUnderWay }, 0);
    const uses =
      prepared.plan.subject.kind.how === 'supabase-key'
        ? await usesLater(staging, value.secret, ending.seen.get(value.name) ?? [])
        : undefined;
    try {
      const { code, opensStill } = await rotate(staging, prepared, options);
      if (code !== exitCode.fine) return code;
      return isNoted && !opensStill ? exitCode.fine : exitCode.findings;
    } finally {
      // Its end waits for nothing; who used it until then is known after it.
      const text = await uses?.();
      if (text !== undefined) {
        say(text);
        note(ending, subject, text, false);
      }
    }
  } catch (error) {
    // What else leaked does not wait for this one.
    say(error instanceof Error ? error.message : String(error));
    return exitCode.error;
  }
}

/** Keeps a text in the incident's record. A record that cannot be written stops no rotation. */
function note({ staging, vault, leak, seen }: Ending, value: string, text: string, opens: boolean): boolean {
  const isPushed = (seen.get(leak.value.name) ?? []).some(({ pushed }) => pushed !== undefined);
  const secrets = vault.values.map(({ secret }) => secret);
  try {
    const about = { value, by: actor(undefined), isPushed, secrets };
    const incident = noteLeak(incidentsIn(staging.root), about, text, opens);
    if (opens) say(`The incident’s record: ${incident?.id ?? ''}`);
    return true;
  } catch (error) {
    say(
      `The incident’s record could not be written (${error instanceof Error ? error.message : String(error)}); the rotation goes on. Then: ${forStack('npm run incident -- start --kind leak')}`,
    );
    return false;
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
