import { counted } from '../../machine/counted.ts';
import type { Settings } from '../../settings/settings.ts';
import { emergencyVariable } from '../../settings/names.ts';
import type { LiveVariable } from '../../services/netlify.ts';
import { finding, type Finding } from './finding.ts';
import type { Recorded } from './recorded.ts';

/** What GitHub has already, as far as it was read. */
export interface OnGithub {
  /** The names of the Actions secrets in the declared place. */
  readonly secrets: readonly string[] | undefined;
  /** Whether the declared rule is there: a ruleset of its name, or the branch's classic protection. */
  readonly ruleset: boolean | undefined;
}

/** Where the stack itself is behind: an update that was cut off, or a configuration that no update has applied. */
export function stackItself(
  { netlify, github }: Settings,
  recorded: Recorded,
  live: readonly LiveVariable[],
  onGithub: OnGithub = { secrets: undefined, ruleset: undefined },
): Finding[] {
  const findings: Finding[] = [];
  if (recorded.pendingOperations > 0) {
    findings.push(
      finding({
        kind: 'stack-interrupted',
        subject: 'stack',
        what: `An update was cut off with ${counted(recorded.pendingOperations, 'operation')} open.`,
        command: 'npm run recover',
        note: 'It finds out what took effect, then: pulumi up.',
      }),
    );
  }
  const unwritten = netlify.variables.map(({ name }) => name).filter((name) => !recorded.variables.has(name));
  const unsealed = github.secrets.map(({ name }) => name).filter((name) => !recorded.secrets.has(name));
  const behind = [
    ...unwritten,
    ...unsealed.map((name) => `the Actions secret ${name}`),
    ...(recorded.hasRule ? [] : [`the rule of ${github.protection.branch}`]),
  ];
  // `up` refuses to make what is there: the second level of the kill switch, thrown past the stack, makes its variable.
  // GitHub writes the names of secrets in capitals, however they are declared.
  const sealed = new Set(onGithub.secrets?.map((name) => name.toUpperCase()));
  const isThere =
    unwritten.some((name) => live.some(({ key }) => key === name)) ||
    unsealed.some((name) => sealed.has(name.toUpperCase())) ||
    (!recorded.hasRule && onGithub.ruleset === true);
  const isEmergency = unwritten.includes(emergencyVariable);
  if (behind.length > 0) {
    findings.push(
      finding({
        kind: 'stack-behind',
        subject: 'stack',
        what: `Declared, and not applied by any update: ${behind.join(', ')}.`,
        ...(isThere
          ? { command: 'npm run adopt', note: 'What is on its service already is taken over first, then: pulumi up.' }
          : { command: 'pulumi up' }),
        ...(isEmergency && { severity: 'high' as const }),
      }),
    );
  }
  return findings;
}
