import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import type { Protection } from '../standIns/github/protection/protectionState.ts';
import type { Rule, Ruleset } from '../standIns/github/records.ts';
import { openStore } from '../standIns/github/state.ts';
import type { Injection, ProtectionForm, World } from './injection.ts';
import { branchName, editRepository } from './repository.ts';

const anotherApp = 424242;

/** How the program protects develop here: by a ruleset where it has one, and where nothing else can be. */
export function protectionForm({ stateDir }: Pick<World, 'stateDir'>): ProtectionForm {
  const classic = openStore(stateDir).state.repositories.some(
    ({ ownedByUser, rulesets }) => ownedByUser !== true && !rulesets.some(isOwn),
  );
  return classic ? 'classic' : 'ruleset';
}

const isOwn = ({ name }: Ruleset) => name === `${requiredCheck} on ${branchName}`;

/** Changes what binds develop, in whichever of the two forms it is there: one that is left would hide the other's change. */
function rules(classic: (protection: Protection) => Partial<Protection>, ruleset: (own: readonly Rule[]) => Rule[]) {
  return (world: World) =>
    editRepository(world, ({ branches, rulesets }) => {
      const branch = branches.find(({ name }) => name === branchName);
      const own = rulesets.find(isOwn);
      if (!branch?.protection && !own) throw new Error('develop is not protected. Provision first: npm start');
      if (branch?.protection) branch.protection = { ...branch.protection, ...classic(branch.protection) };
      if (own) own.rules = ruleset(own.rules);
    });
}

/** Changes the program's ruleset itself. */
function ownRuleset(change: (own: Ruleset) => void) {
  return (world: World) =>
    editRepository(world, ({ rulesets }) => {
      const own = rulesets.find(isOwn);
      if (!own) throw new Error('There is no ruleset to break. Provision first: npm start');
      change(own);
    });
}

const unchanged = (own: readonly Rule[]): Rule[] => [...own];
const without =
  (type: string) =>
  (own: readonly Rule[]): Rule[] =>
    own.filter((rule) => rule.type !== type);
const parameters =
  (type: string, change: (given: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>) =>
  (own: readonly Rule[]): Rule[] =>
    own.map((rule) =>
      rule.type === type ? { ...rule, parameters: { ...rule.parameters, ...change(rule.parameters ?? {}) } } : rule,
    );

interface Check {
  readonly context: string;
  readonly appId: number | null;
}

/** Changes the list of required checks. */
function checks(change: (list: readonly Check[]) => readonly Check[]) {
  return rules(
    ({ statusChecks }) => {
      const { strict, checks: list } = statusChecks ?? { strict: false, checks: [] };
      const changed = change(list.map(({ context, app_id }) => ({ context, appId: app_id })));
      return { statusChecks: { strict, checks: changed.map(({ context, appId }) => ({ context, app_id: appId })) } };
    },
    parameters('required_status_checks', ({ required_status_checks: list }) => ({
      required_status_checks: change(checksOf(list)).map(({ context, appId }) => ({
        context,
        ...(appId !== null && { integration_id: appId }),
      })),
    })),
  );
}

function checksOf(list: unknown): Check[] {
  return (Array.isArray(list) ? (list as readonly { context: string; integration_id?: number | null }[]) : []).map(
    ({ context, integration_id: appId }) => ({ context, appId: appId ?? null }),
  );
}

function pin(appId: number | null) {
  return checks((list) => list.map((check) => (check.context === requiredCheck ? { ...check, appId } : check)));
}

/** What people do to the rules of develop on GitHub. */
export const protectionInjections: Readonly<Record<string, Injection>> = {
  'protection-missing': {
    title: 'remove the protection of develop',
    touches: ['protection'],
    form: 'classic',
    inject: (world) =>
      editRepository(world, ({ branches }) => {
        delete branches.find(({ name }) => name === branchName)?.protection;
      }),
  },
  'ruleset-missing': {
    title: 'delete the ruleset of develop',
    touches: ['protection'],
    form: 'ruleset',
    inject: (world) =>
      editRepository(world, (repository) => {
        repository.rulesets = repository.rulesets.filter((ruleset) => !isOwn(ruleset));
      }),
  },
  'ruleset-disabled': {
    title: 'disable the ruleset of develop',
    touches: ['protection'],
    form: 'ruleset',
    inject: ownRuleset((own) => (own.enforcement = 'disabled')),
  },
  'ruleset-other-branch': {
    title: 'let the ruleset cover main instead of develop',
    touches: ['protection'],
    form: 'ruleset',
    inject: ownRuleset((own) => (own.conditions.ref_name.include = ['refs/heads/main'])),
  },
  'ruleset-bypass': {
    title: 'let administrators bypass the ruleset of develop',
    touches: ['protection'],
    form: 'ruleset',
    inject: ownRuleset((own) =>
      own.bypassActors.push({ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }),
    ),
  },
  'required-check-missing': {
    title: `require ${requiredCheck} no more`,
    touches: [`protection/${requiredCheck}`, 'protection/strict', 'protection/admins'],
    inject: checks((list) => list.filter(({ context }) => context !== requiredCheck)),
  },
  'required-check-unpinned': {
    title: `let any app report ${requiredCheck}`,
    touches: [`protection/${requiredCheck}`],
    inject: pin(null),
  },
  'required-check-other-app': {
    title: `require ${requiredCheck} from another app`,
    touches: [`protection/${requiredCheck}`],
    inject: pin(anotherApp),
  },
  'required-check-not-strict': {
    title: 'allow merges that are not up to date',
    touches: ['protection/strict'],
    inject: rules(
      ({ statusChecks }) => ({ statusChecks: { checks: [], ...statusChecks, strict: false } }),
      parameters('required_status_checks', () => ({ strict_required_status_checks_policy: false })),
    ),
  },
  'other-check-missing': {
    title: 'require build no more',
    touches: ['protection/build'],
    inject: checks((list) => list.filter(({ context }) => context !== 'build')),
  },
  'check-undeclared': {
    title: 'require a check that is never reported',
    touches: ['protection/ghost'],
    inject: checks((list) => [...list, { context: 'ghost', appId: null }]),
  },
  'admins-exempt': {
    title: 'exempt administrators',
    touches: ['protection/admins'],
    form: 'classic',
    inject: rules(() => ({ enforceAdmins: false }), unchanged),
  },
  'force-push-allowed': {
    title: 'allow force pushes',
    touches: ['protection/force'],
    inject: rules(() => ({ allowForcePushes: true }), without('non_fast_forward')),
  },
  'deletion-allowed': {
    title: 'allow the deletion of develop',
    touches: ['protection/deletion'],
    inject: rules(() => ({ allowDeletions: true }), without('deletion')),
  },
  'reviews-missing': {
    title: 'require no review',
    touches: ['protection/reviews'],
    inject: rules(() => ({ reviews: null }), without('pull_request')),
  },
  'reviews-weaker': {
    title: 'keep stale reviews',
    touches: ['protection/reviews/stale'],
    inject: rules(
      ({ reviews }) => ({ reviews: reviews && { ...reviews, dismissStale: false } }),
      parameters('pull_request', () => ({ dismiss_stale_reviews_on_push: false })),
    ),
  },
  'review-bypass': {
    title: 'let the maintainer bypass reviews',
    form: 'classic', // a user's repository can name nobody who may
    touches: ['protection/reviews/bypass'],
    inject: rules(
      ({ reviews }) => ({
        reviews: reviews && { ...reviews, bypass: { users: ['maintainer'], teams: [], apps: [] } },
      }),
      unchanged,
    ),
  },
  'branch-locked': {
    title: 'lock develop',
    touches: ['protection/lock'],
    inject: rules(() => ({ lockBranch: true }), unchanged),
  },
};
