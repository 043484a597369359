import type { Finding } from '../finding.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';
import { netlifyResource } from '../../../settings/names/resourceTypes.ts';

/** Why a finding is not fixed with what the last update wrote. */
export const onlyByUpdate = () =>
  `the vault has a newer value than the last update wrote; only ${forStack('pulumi up')} writes that`;

/** These write no recorded value over another one. The engine cannot change a variable that is not there. */
const harmless: ReadonlySet<Finding['kind']> = new Set([
  'variable-missing',
  'branch-value-undeclared',
  'staging-variable-undeclared',
  'github-environment-missing',
  'github-secret-undeclared',
  'github-secret-shadowed',
  'github-variable-undeclared',
  'github-variable-shadowed',
]);

/** Fixes of these write the contexts that the finding names, and no others of the key. */
const inItsContexts: ReadonlySet<Finding['kind']> = new Set([
  'context-missing',
  'production-context-missing',
  'value-changed',
  'value-empty',
  'production-value-changed',
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
  const newer = inVault(findings);
  const updated = inVault(chosen);
  const superseded = chosen.filter((each) => !harmless.has(each.kind) && newer.some((other) => meets(each, other)));
  return { superseded, undecided: superseded.filter((each) => !updated.some((other) => meets(each, other))) };
}

const inVault = (findings: readonly Finding[]) => findings.filter(({ where }) => where.target === '1Password');

/** Whether the fix of a finding would write where the vault has a newer value. */
function meets(chosen: Finding, { where: newer }: Finding): boolean {
  const own = resourcesOf(chosen);
  if (newer.resources?.some((resource) => own.includes(resource)) !== true) return false;
  const { contexts } = chosen.where;
  if (!inItsContexts.has(chosen.kind) || contexts === undefined || newer.contexts === undefined) return true;
  return newer.contexts.some((context) => contexts.includes(context));
}

function resourcesOf({ where }: Finding): readonly string[] {
  if (where.target === 'Netlify') return [netlifyResource(where.subject)];
  return where.target === 'GitHub' || where.target === 'Supabase' ? (where.resources ?? []) : [];
}
