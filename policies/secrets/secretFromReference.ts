import type { ResourceValidationPolicy } from '@pulumi/policy';
import { findSecrets } from '../../detection/findSecrets.ts';
import { isSensitiveName } from '../../detection/names.ts';
import { isPlaceholder } from '../../detection/placeholder.ts';
import { positionAt } from '../../detection/text/position.ts';
import { valueSearch } from '../../detection/text/valueSearch.ts';
import { leavesOf, type Leaf } from '../shared/leaves.ts';
import { isMarked } from '../shared/markedSecrets.ts';
import { programFiles } from '../shared/programFiles.ts';
import { violation } from '../shared/report.ts';
import { isSecretInput } from '../shared/secretInputs.ts';
import { stackConfiguration, type StackConfiguration } from '../shared/stackConfiguration.ts';

/** Values that must come from a reference: in inputs made for secrets or marked as secret, and sensitive by name or by shape. */
function sensitive(type: string, urn: string, leaf: Leaf): boolean {
  const { path, name, value = '' } = leaf;
  if (value.length < 8 || isPlaceholder(value)) return false;
  if (!isSecretInput(type, path) && !isMarked(urn, path)) return false;
  return isSensitiveName(name) || findSecrets(value).some(({ severity }) => severity === 'error');
}

/** Where in the program's folder the value stands, as `file:line`; nothing when it stands nowhere. */
function writtenIn(folder: string, name: string, value: string): string | undefined {
  const search = valueSearch([{ name, reveal: () => value }]);
  for (const source of programFiles(folder)) {
    for (const piece of source.read()) {
      const [found] = search(piece.text);
      if (found) return `${source.file}:${piece.line + positionAt(piece.text, found.start).line}`;
    }
  }
  return undefined;
}

/** The plain configuration key that holds the value; nothing when there is none. */
function configuredIn({ values, isEncrypted }: StackConfiguration, value: string): string | undefined {
  for (const [key, configured] of Object.entries(values)) {
    for (const leaf of leavesOf({ [key]: configured })) {
      const path = leaf.path
        .slice(key.length + 1)
        .split('.')
        .filter(Boolean);
      if (leaf.value === value && !isEncrypted(key, path)) return [key, ...path].join('.');
    }
  }
  return undefined;
}

/** Secrets that are literals: whatever they look like, their own value gives them away where it is written down. */
export const secretFromReference: ResourceValidationPolicy = {
  name: 'secret-comes-from-reference',
  displayName: 'A secret comes from a reference',
  description:
    'A sensitive value must come from a reference (op://vault/item/field, encrypted configuration, another resource), ' +
    'not from a literal in the program or in plain configuration. Its actual value is searched for in the files that git tracks or would commit.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps:
    'Put the value into 1Password, refer to it as op://vault/item/field, and replace the value that was written down.',
  async validateResource(args, report) {
    const configuration = stackConfiguration();
    for (const leaf of leavesOf(args.props)) {
      if (leaf.value === undefined || !sensitive(args.type, args.urn, leaf)) continue;
      const key = configuredIn(configuration, leaf.value);
      const place =
        key === undefined
          ? configuration.folder && writtenIn(configuration.folder, leaf.name, leaf.value)
          : `plain configuration (${key})`;
      if (place) {
        await violation(
          report,
          `The value of ${leaf.name} (input ${leaf.path}) is a literal in ${place}.`,
          'Refer to it as op://vault/item/field instead.',
        );
      }
    }
  },
};
