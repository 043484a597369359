import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import { kind, type Kind } from './kind.ts';
import { placedKinds, writesProduction } from './placedKinds.ts';

/** Every kind of drift that this project knows, how bad it is, and who can fix it. */
export const driftKinds = {
  // Netlify: keys and contexts
  'variable-missing': kind('Netlify', 'high', 'machine', 'a declared variable is gone, in every context'),
  'context-missing': kind('Netlify', 'high', 'machine', 'a plain variable has no value in one of staging’s contexts'),
  'secret-context-missing': kind(
    'Netlify',
    'high',
    'machine',
    'a secret variable has no value in one of staging’s contexts',
  ),
  'production-context-missing': kind('Netlify', 'critical', 'ask', 'a declared value outside staging is gone'),
  'value-changed': kind('Netlify', 'high', 'machine', 'a plain value of staging is not what the last update wrote'),
  'value-empty': kind('Netlify', 'critical', 'machine', 'a plain value of staging is empty'),
  'production-value-changed': kind(
    'Netlify',
    'critical',
    'ask',
    'a plain value outside staging is not what the last update wrote',
  ),
  'secret-changed': kind(
    'Netlify',
    'high',
    'machine',
    'a secret variable of staging alone was changed since the last update',
  ),
  'shared-secret-changed': kind(
    'Netlify',
    'critical',
    'ask',
    'a secret variable that production reads too was changed since the last update',
  ),
  'secret-readable': kind(
    'Netlify',
    'critical',
    'machine',
    'a variable that must be secret is plain: everybody who may see the site can read it',
  ),
  'secret-flag-irreversible': kind(
    'Netlify',
    'medium',
    'person',
    'a variable that is declared plain was made secret, which cannot be undone',
  ),
  'scope-missing': kind(
    'Netlify',
    'high',
    'ask',
    'a scope was taken away: builds, functions or runtime do not get the variable',
  ),
  'scope-added': kind('Netlify', 'medium', 'ask', 'a variable has a scope that is not declared'),
  'branch-value-undeclared': kind(
    'Netlify',
    'medium',
    'ask',
    'a declared variable has a value for a branch that is not declared',
  ),
  'context-undeclared': kind(
    'Netlify',
    'medium',
    'person',
    'a declared variable has a value in a context that is not staging’s and not declared',
  ),
  'all-context-undeclared': kind('Netlify', 'high', 'person', 'a declared variable has a value for all contexts'),
  'variable-undeclared': kind(
    'Netlify',
    'low',
    'person',
    'a variable that nobody declared was added or changed since the last update',
  ),
  'staging-variable-undeclared': kind(
    'Netlify',
    'medium',
    'ask',
    'a variable that nobody declared has a value in staging’s contexts',
  ),
  'sensitive-variable-plain': kind(
    'Netlify',
    'high',
    'person',
    'a variable that nobody declared is sensitive by its name and readable',
  ),
  'variable-misspelt': kind(
    'Netlify',
    'medium',
    'person',
    'a variable differs from a declared one only in upper and lower case',
  ),
  'variable-reserved': kind(
    'Netlify',
    'high',
    'person',
    'a variable has a name that Netlify, or the functions’ runtime, keeps for itself',
  ),
  'netlify-secret-old': kind('Netlify', 'low', 'person', 'a secret variable is older than the configured age'),
  // One organisation
  'organization-differs': kind(
    'Netlify',
    'critical',
    'machine',
    'DEFAULT_ORGANIZATION_ID differs in one of staging’s contexts',
  ),
  'organization-production-differs': kind(
    'Netlify',
    'critical',
    'ask',
    'DEFAULT_ORGANIZATION_ID differs in production',
  ),
  'organization-local-differs': kind('local', 'medium', 'machine', 'DEFAULT_ORGANIZATION_ID in .env.local differs'),
  'organization-running-differs': kind('site', 'critical', 'person', 'the deployed site serves another organisation'),
  // The deployed site
  'site-unreachable': kind('site', 'high', 'person', '/api/runtime-config does not answer as it should'),
  'site-wrong-context': kind('site', 'critical', 'person', 'the deployed site does not run as staging'),
  'site-wrong-project': kind('site', 'critical', 'person', 'the deployed site uses another Supabase project'),
  // Places other than Netlify
  ...placedKinds,
  'github-organization-differs': kind(
    'GitHub',
    'critical',
    'machine',
    `the last ${requiredCheck} found another organisation in GitHub’s secret than the site serves`,
  ),
  'github-environment-missing': kind(
    'GitHub',
    'high',
    'ask',
    'a declared GitHub environment is gone, and its secrets and variables with it',
  ),
  'github-token-expires': kind(
    'GitHub',
    'medium',
    'person',
    'GITHUB_TOKEN, the token of this run, ends within 30 days',
  ),
  // GitHub: protection
  'branch-missing': kind('GitHub', 'critical', 'person', 'the protected branch is gone'),
  'protection-missing': kind('GitHub', 'critical', 'machine', 'the branch has no protection at all'),
  'required-check-missing': kind('GitHub', 'critical', 'machine', `${requiredCheck} is not required any more`),
  'required-check-unpinned': kind('GitHub', 'high', 'machine', `any app may report ${requiredCheck}`),
  'required-check-other-app': kind(
    'GitHub',
    'critical',
    'machine',
    `another app than GitHub Actions must report ${requiredCheck}`,
  ),
  'required-check-not-strict': kind('GitHub', 'medium', 'machine', 'a branch may be merged that is not up to date'),
  'other-check-missing': kind('GitHub', 'medium', 'machine', 'another declared check is not required any more'),
  'check-undeclared': kind('GitHub', 'medium', 'person', 'a check is required that nobody declared'),
  'admins-exempt': kind('GitHub', 'high', 'machine', 'administrators may go past the rule'),
  'force-push-allowed': kind('GitHub', 'high', 'machine', 'the branch’s history may be rewritten'),
  'deletion-allowed': kind('GitHub', 'high', 'machine', 'the branch may be deleted'),
  'reviews-missing': kind('GitHub', 'high', 'machine', 'no review is required any more'),
  'reviews-weaker': kind('GitHub', 'medium', 'machine', 'fewer or weaker reviews are required than declared'),
  'review-bypass': kind('GitHub', 'high', 'ask', 'somebody may bypass or dismiss reviews'),
  'push-restriction-missing': kind('GitHub', 'medium', 'machine', 'everybody may push who may write'),
  'signatures-missing': kind('GitHub', 'medium', 'machine', 'signed commits are declared and not required'),
  'conversations-missing': kind('GitHub', 'low', 'machine', 'resolved conversations are declared and not required'),
  'branch-locked': kind('GitHub', 'high', 'ask', 'the branch is locked: nothing can be merged'),
  'ruleset-missing': kind('GitHub', 'critical', 'machine', 'the declared ruleset is gone'),
  'ruleset-disabled': kind('GitHub', 'critical', 'machine', 'the declared ruleset is not enforced'),
  'ruleset-other-branch': kind('GitHub', 'critical', 'machine', 'the declared ruleset does not cover the branch'),
  'ruleset-bypass': kind('GitHub', 'high', 'machine', 'somebody may bypass the declared ruleset'),
  // GitHub: the check itself
  'check-never-reported': kind('GitHub', 'high', 'person', `${requiredCheck} never reported at the head of the branch`),
  'check-silent': kind('GitHub', 'medium', 'person', `${requiredCheck} has not reported for more than 7 days`),
  'check-failing': kind('GitHub', 'medium', 'person', `the last ${requiredCheck} failed`),
  'check-skipped': kind(
    'GitHub',
    'high',
    'person',
    `the last ${requiredCheck} was skipped, which GitHub counts as passed`,
  ),
  'check-forged': kind(
    'GitHub',
    'critical',
    'person',
    `another app than GitHub Actions reported ${requiredCheck} last`,
  ),
  'check-not-on-pull-requests': kind(
    'GitHub',
    'high',
    'person',
    `${requiredCheck} does not report on pull requests: they wait for ever`,
  ),
  // The application's files
  'pipeline-differs': kind(
    'repository',
    'medium',
    'person',
    'netlify.toml or the workflow of the application deviates',
  ),
  // Who reads the values
  'value-read-elsewhere': kind(
    'repository',
    'high',
    'person',
    'the application reads a value in another place than it is declared for',
  ),
  'value-not-declared': kind('repository', 'medium', 'person', 'the application reads a value that nobody declared'),
  'value-not-read': kind('repository', 'medium', 'person', 'nothing of the application reads a declared value'),
  // Kill switch
  'kill-switch-variable': kind(
    'Netlify',
    'high',
    'person',
    'AGENT_ACTIONS_DISABLED stops agents on Netlify (true, 1 or yes), or cannot be read there, and no update wrote that',
  ),
  'kill-switch-on': kind(
    'Supabase',
    'medium',
    'person',
    'agents are disabled by the row or the Edge Function secret, for production too',
  ),
  'kill-switch-missing': kind(
    'Supabase',
    'high',
    'person',
    'the kill switch’s row is missing: agents act; `off` makes it',
  ),
  // 1Password
  'vault-reference-broken': kind('1Password', 'high', 'person', 'a reference does not resolve any more'),
  'vault-value-changed': kind('1Password', 'medium', 'machine', 'a value in the vault is newer than the last update'),
  'vault-production-value-changed': kind(
    '1Password',
    'high',
    'person',
    'production’s own value in the vault is newer than the last update',
  ),
  'value-expires': kind('1Password', 'medium', 'person', 'a value says of itself that it ends within 30 days'),
  // The stack
  'stack-interrupted': kind('stack', 'high', 'person', 'an update was interrupted: what it did is not known'),
  'permission-left': kind(
    'stack',
    'medium',
    'person',
    'the stack’s file allows every run what a person allows for one: writes of production, removals',
  ),
  'token-old': kind(
    'stack',
    'medium',
    'person',
    'a token that stays valid is older than the configured age, by the stack’s file',
  ),
  'stack-behind': kind('stack', 'low', 'person', 'the configuration declares what no update has applied'),
} as const satisfies Readonly<Record<string, Kind>>;

export type DriftKind = keyof typeof driftKinds;

/** The kinds whose fix writes a recorded value over production's own. */
export const overwritesProduction: ReadonlySet<DriftKind> = new Set([
  'production-context-missing',
  'production-value-changed',
  'shared-secret-changed',
  'organization-production-differs',
  ...writesProduction(),
]);
