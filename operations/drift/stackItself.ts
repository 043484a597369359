import type { Settings } from '../../settings/settings.ts';
import { finding, type Finding } from './finding.ts';
import type { Recorded } from './recorded.ts';

/** Where the stack itself is behind: an update that was cut off, or a configuration that no update has applied. */
export function stackItself({ netlify, github }: Settings, recorded: Recorded): Finding[] {
  const findings: Finding[] = [];
  if (recorded.pendingOperations > 0) {
    findings.push(
      finding({
        kind: 'stack-interrupted',
        subject: 'stack',
        what: `An update was cut off with ${recorded.pendingOperations} operations open.`,
        command: 'npm run recover',
        note: 'It finds out what took effect, then: pulumi up.',
      }),
    );
  }
  const behind = [
    ...netlify.variables.map(({ name }) => name).filter((name) => !recorded.variables.has(name)),
    ...github.secrets
      .map(({ name }) => name)
      .filter((name) => !recorded.secrets.has(name))
      .map((name) => `the Actions secret ${name}`),
    ...(recorded.hasRule ? [] : [`the rule of ${github.protection.branch}`]),
  ];
  if (behind.length > 0) {
    findings.push(
      finding({
        kind: 'stack-behind',
        subject: 'stack',
        what: `Declared, and not applied by any update: ${behind.join(', ')}.`,
        command: 'pulumi up',
      }),
    );
  }
  return findings;
}
