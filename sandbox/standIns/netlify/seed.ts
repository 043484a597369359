import { storedValues } from './environment/environmentStore.ts';
import type { ValueInput } from './environment/environmentRules.ts';
import type { NetlifyService } from './netlifyService.ts';
import type { Behaviour } from './deploys/storedDeploy.ts';
import { newDeploy } from './deploys/newDeploy.ts';
import {
  newSite,
  scopes,
  tick,
  type Scope,
  type NetlifyState,
  type StoredAccount,
  type StoredSite,
  type StoredUser,
} from './state.ts';
import { netlifyStore } from './stateFile.ts';

interface SeedVariable {
  readonly key: string;
  readonly values: readonly ValueInput[];
  /** Default: plain. */
  readonly isSecret?: boolean;
  /** Default: all, without post processing for secrets. */
  readonly scopes?: readonly Scope[];
  /** The site it belongs to. Default: the first; `null`: the team. */
  readonly siteId?: string | null;
}

export interface NetlifySeed {
  /** Variables that are there already, e.g. production's; keys that exist are replaced. */
  readonly variables?: readonly SeedVariable[];
  /** Further sites, e.g. a separate one for staging. */
  readonly sites?: readonly { readonly id: string; readonly name: string; readonly subdomain: string }[];
  readonly plan?: StoredAccount['plan'];
  /** What the vendor's side decides. */
  readonly behaviour?: Partial<Behaviour>;
  /** The branches that Netlify builds from Git by itself. Default: main, develop and staging. */
  readonly builtBranches?: readonly string[];
  /** Gives every site without a live deploy one of production, as a running site has. */
  readonly liveDeploy?: boolean;
}

/** Who made what the seed brings: somebody other than the owner of the tokens. */
const colleague: StoredUser = {
  id: '64b7f02ac1d95e0008f3a6b1',
  full_name: 'A Colleague',
  email: 'colleague@example.com',
};

/**
 * Brings a state to what a team has before this project comes: sites, variables, the plan.
 * Takes a state folder that no stand-in has opened yet, or a running stand-in.
 */
export function seedNetlify(target: string | NetlifyService, seed: NetlifySeed): void {
  const store = typeof target === 'string' ? netlifyStore(target) : target.store;
  store.update((state) => {
    const [account] = state.accounts;
    if (!account) throw new Error('the state has no account');
    if (seed.plan) account.plan = seed.plan;
    if (!state.users.some(({ id }) => id === colleague.id)) state.users.push(colleague);
    for (const site of seed.sites ?? []) {
      if (!state.sites.some(({ id }) => id === site.id)) {
        state.sites.push(newSite({ ...site, account_id: account.id }, tick(state)));
      }
    }
    state.behaviour = { ...state.behaviour, ...seed.behaviour };
    for (const variable of seed.variables ?? []) {
      const siteId = variable.siteId === undefined ? state.sites[0]?.id : variable.siteId;
      const owner = siteId === null ? `account:${account.id}` : `site:${siteId ?? ''}`;
      const isSecret = variable.isSecret ?? false;
      const others = (state.variables[owner] ?? []).filter(({ key }) => key !== variable.key);
      state.variables[owner] = [
        ...others,
        {
          key: variable.key,
          scopes: [...(variable.scopes ?? scopes.filter((scope) => !isSecret || scope !== 'post_processing'))],
          values: storedValues(variable.values, []),
          is_secret: isSecret,
          updated_at: tick(state),
          updated_by: colleague.id,
        },
      ];
    }
    if (seed.builtBranches)
      for (const { build_settings: build } of state.sites) build.allowed_branches = [...seed.builtBranches];
    if (seed.liveDeploy) for (const site of state.sites) goLive(state, site);
  });
}

function goLive(state: NetlifyState, site: StoredSite): void {
  if (site.published_deploy_id !== undefined) return;
  const deploy = newDeploy(state, site, { source: 'git', title: 'Production as it is' });
  state.deploys.push({ ...deploy, state: 'ready', published_at: tick(state) });
  site.published_deploy_id = deploy.id;
}
