import type { Finding } from '../finding.ts';

/** Why a finding is not healed with what the last update wrote. */
export const onlyByUpdate = 'the vault has a newer value than the last update wrote; only pulumi up writes that';

/** These write no recorded value over another one. The engine cannot change a variable that is not there. */
const harmless: ReadonlySet<Finding['kind']> = new Set([
  'variable-missing',
  'branch-value-undeclared',
  'staging-variable-undeclared',
  'github-environment-missing',
  'github-secret-undeclared',
  'github-secret-shadowed',
]);

/**
 * The chosen findings whose key the vault has a newer value for than the last update wrote: a run that was killed may have
 * written it already, and the recorded value must not go over it. `undecided` are those among them that no chosen update
 * writes.
 */
export function newerInVault(
  findings: readonly Finding[],
  chosen: readonly Finding[],
): { readonly superseded: readonly Finding[]; readonly undecided: readonly Finding[] } {
  const newer = resourcesOf(findings);
  const updated = resourcesOf(chosen);
  const superseded = chosen.filter((each) => !harmless.has(each.kind) && newer.has(resourceOf(each)));
  return { superseded, undecided: superseded.filter((each) => !updated.has(resourceOf(each))) };
}

/** The resources for which the vault has a newer value, by logical name. */
function resourcesOf(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.flatMap(({ where }) => (where.target === '1Password' ? (where.resources ?? []) : [])));
}

function resourceOf({ where }: Finding): string {
  if (where.target === 'Netlify') return `netlify-${where.subject}`;
  return where.target === 'GitHub' ? `github-${where.subject}` : '';
}
