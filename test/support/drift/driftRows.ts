import { sharedProject } from '../sharedProject.ts';
import type { Row } from './driftProject.ts';

/** Every kind that the sandbox can make: how bad it must be called, and who must be said to fix it. */
export const expected: Readonly<Record<string, Row>> = {
  'variable-missing': ['high', 'machine'],
  'context-missing': ['high', 'machine'],
  'secret-context-missing': ['high', 'machine'],
  'production-context-missing': ['critical', 'ask'],
  'value-changed': ['high', 'machine'],
  'value-empty': ['critical', 'machine'],
  'production-value-changed': ['critical', 'ask'],
  'secret-changed': ['high', 'machine'],
  'shared-secret-changed': ['critical', 'ask'],
  'secret-readable': ['critical', 'machine'],
  'secret-flag-irreversible': ['medium', 'person'],
  'scope-missing': ['high', 'ask'],
  'branch-value-undeclared': ['medium', 'ask'],
  'context-undeclared': ['medium', 'person'],
  'all-context-undeclared': ['high', 'person'],
  'variable-undeclared': ['low', 'person'],
  'staging-variable-undeclared': ['medium', 'ask'],
  'sensitive-variable-plain': ['high', 'person'],
  'variable-reserved': ['high', 'person'],
  'variable-misspelt': ['medium', 'person'],
  'organization-differs': ['critical', 'machine'],
  'organization-production-differs': ['critical', 'ask'],
  'kill-switch-variable': ['high', 'person'],
  'netlify-secret-old': ['low', 'person'],
  'github-secret-missing': ['high', 'machine'],
  'github-secret-changed': ['high', 'machine'],
  'github-secret-undeclared': ['low', 'ask'],
  'github-secret-shadowed': ['high', 'ask'],
  'github-variable-missing': ['high', 'machine'],
  'github-variable-changed': ['high', 'machine'],
  'github-variable-undeclared': ['low', 'ask'],
  'github-variable-shadowed': ['high', 'ask'],
  'github-token-expires': ['medium', 'person'],
  'branch-missing': ['critical', 'person'],
  'protection-missing': ['critical', 'machine'],
  'required-check-missing': ['critical', 'machine'],
  'required-check-unpinned': ['high', 'machine'],
  'required-check-other-app': ['critical', 'machine'],
  'required-check-not-strict': ['medium', 'machine'],
  'other-check-missing': ['medium', 'machine'],
  'check-undeclared': ['medium', 'person'],
  'admins-exempt': ['high', 'machine'],
  'force-push-allowed': ['high', 'machine'],
  'deletion-allowed': ['high', 'machine'],
  'reviews-missing': ['high', 'machine'],
  'reviews-weaker': ['medium', 'machine'],
  'review-bypass': ['high', 'ask'],
  'branch-locked': ['high', 'ask'],
  'check-never-reported': ['high', 'person'],
  'check-silent': ['medium', 'person'],
  'check-failing': ['medium', 'person'],
  'github-organization-differs': ['critical', 'machine'],
  'check-skipped': ['high', 'person'],
  'check-forged': ['critical', 'person'],
  'check-not-on-pull-requests': ['high', 'person'],
  'vault-reference-broken': ['high', 'person'],
  'vault-value-changed': ['medium', 'machine'],
  'vault-production-value-changed': ['high', 'person'],
  'organization-running-differs': ['critical', 'person'],
  'edge-secret-missing': ['high', 'ask'],
  'edge-secret-changed': ['critical', 'ask'],
  'edge-secret-undeclared': ['low', 'person'],
  'kill-switch-on': ['medium', 'person'],
  'kill-switch-missing': ['high', 'person'],
};

/** Kinds of what only some teams declare, or that lie outside of the services. */
export const expectedOwn: Readonly<Record<string, Row>> = {
  'signatures-missing': ['medium', 'machine'],
  'conversations-missing': ['low', 'machine'],
  'push-restriction-missing': ['medium', 'machine'],
  'github-secret-old': ['low', 'person'],
  'organization-local-differs': ['medium', 'machine'],
  'pipeline-differs': ['medium', 'person'],
  'stack-behind': ['low', 'person'],
  'stack-interrupted': ['high', 'person'],
};

/** A job that failed stays failed until it runs again, whatever it failed for. */
export const companions: Readonly<Record<string, readonly (readonly [string, ...Row])[]>> = {
  'github-organization-differs': [['check-failing', 'medium', 'person']],
};

/** Kinds that the sandbox can make of a ruleset alone. */
export const expectedRuleset: Readonly<Record<string, Row>> = {
  'ruleset-missing': ['critical', 'machine'],
  'ruleset-disabled': ['critical', 'machine'],
  'ruleset-other-branch': ['critical', 'machine'],
  'ruleset-bypass': ['high', 'machine'],
};

/** Kinds of a GitHub environment, and of scopes that a paid plan lets choose. */
export const expectedPaid: Readonly<Record<string, Row>> = {
  'github-environment-missing': ['high', 'ask'],
  'scope-added': ['medium', 'ask'],
};

/** What a person runs after the printed command of a finding that is left to a person: files of this project's commands. */
export const afterPrinted: Readonly<Record<string, readonly (readonly [entry: string, ...args: string[]])[]>> = {
  'check-undeclared': [],
  // The finding's note says how it ends; the key is then declared, and taken over.
  'kill-switch-variable': [
    [
      'commands/killSwitch/command.ts',
      'restore',
      '--emergency',
      '--reason',
      'over',
      '--yes',
      '--project',
      sharedProject.ref,
    ],
    ['commands/adopt/command.ts', '--yes'],
    ['pulumi', 'up', '--yes', '--skip-preview'],
  ],
};
