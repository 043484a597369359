import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretLintCoreConfigRule, SecretLintRuleCreator } from '@secretlint/types';

/**
 * Rules of the recommended preset that we do not take: the comment filter, by which anybody could silence a line without a
 * review, and two whose findings include what documentation prints (`postgres://user:password@localhost`); ours replace those.
 */
const replaced = new Set(['filter-comments', 'database-connection-string', 'basicauth']);

/** secretlint’s own rules, for every vendor that its authors follow. */
export const presetRules: readonly SecretLintCoreConfigRule[] = (rules as SecretLintRuleCreator[])
  .filter(({ meta }) => !replaced.has(meta.id.replace('@secretlint/secretlint-rule-', '')))
  .map((rule) => ({ id: rule.meta.id, rule }));
