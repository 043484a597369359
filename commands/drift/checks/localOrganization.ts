import { existsSync, readFileSync } from 'node:fs';
import { organizationVariable } from '../../../settings/settings.ts';
import { finding, type Finding } from '../finding.ts';
import type { Recorded } from '../../../engine/recorded.ts';

const line = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${organizationVariable}[ \\t]*=[ \\t]*(.*?)[ \\t]*$`, 'm');

/** The one organisation id, as the last update wrote it everywhere; `undefined` without the state's passphrase. */
export function recordedOrganization({ variables }: Recorded): string | undefined {
  const [value] = variables.get(organizationVariable)?.values.values() ?? [];
  return value?.reveal();
}

/** Whether a developer's own file holds another organisation. No file, or one without the variable, is fine. */
export function localOrganization(file: string, recorded: Recorded): Finding[] {
  const expected = recordedOrganization(recorded);
  if (expected === undefined || !existsSync(file)) return [];
  const found = line.exec(readFileSync(file, 'utf8'))?.[1]?.replace(/^(["'])(.*)\1$/, '$2');
  if (found === undefined || found === expected) return [];
  return [
    finding({
      kind: 'organization-local-differs',
      subject: '.env.local',
      what: `${organizationVariable} in .env.local is another organisation's.`,
    }),
  ];
}

/** The text of such a file with the organisation set; every other line stays as it is. */
export function withOrganization(text: string, organization: string): string {
  return text.replace(line, () => `${organizationVariable}=${organization}`);
}
