import { findAccount, page, type Route } from './call.ts';
import type { NetlifyState, StoredAccount, StoredUser } from './state.ts';

/** A team as the API shows it, with every member that Netlify's own Go client insists on. */
function accountView(state: NetlifyState, account: StoredAccount): object {
  return {
    id: account.id,
    name: account.name,
    slug: account.slug,
    type: 'TEAM',
    type_id: account.plan === 'free' ? '5a5cf9b1f7b5a7b5b3a4d1f0' : '5a5cf9b1f7b5a7b5b3a4d1f1',
    type_name: account.plan === 'free' ? 'Starter' : 'Pro',
    type_slug: account.plan === 'free' ? 'starter' : 'pro',
    capabilities: {
      sites: { included: 500, used: state.sites.filter(({ account_id }) => account_id === account.id).length },
      collaborators: { included: account.plan === 'free' ? 1 : 10, used: 1 },
    },
    owner_ids: state.users.map(({ id }) => id),
    role: 'Owner',
    roles_allowed: ['Owner', 'Collaborator', 'Reviewer'],
    member_roles: [],
    billing_name: account.name,
    billing_email: state.users[0]?.email,
    support_administration_enabled: false,
    deploy_diagnostics_setting: 'enabled',
    ai_usage_enabled_setting: 'disabled',
    ai_usage_limit_enforced: false,
    configurable_limits_exceeded: [],
    block_site_transfers: false,
    credit_alert_percentage: 0,
    in_operational_mode: false,
    created_at: account.created_at,
    updated_at: account.created_at,
  };
}

function userView(state: NetlifyState, user: StoredUser): object {
  const born = state.accounts[0]?.created_at;
  return {
    id: user.id,
    uid: user.id,
    full_name: user.full_name,
    email: user.email,
    avatar_url: `https://avatars.example.com/${user.id}`,
    slug: 'sandbox-owner',
    account_id: state.accounts[0]?.id,
    site_count: state.sites.length,
    login_providers: ['github'],
    onboarding_progress: {},
    created_at: born,
    last_login: born,
  };
}

export const accountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/user',
    handle: ({ store, user }) => ({ status: 200, body: userView(store.state, user) }),
  },
  {
    method: 'GET',
    path: '/accounts',
    handle: (call) => {
      const { state } = call.store;
      return page(
        call,
        state.accounts.map((account) => accountView(state, account)),
      );
    },
  },
  {
    method: 'GET',
    path: '/accounts/{account_id}',
    handle: ({ store, params }) => ({
      status: 200,
      body: accountView(store.state, findAccount(store.state, params.account_id)),
    }),
  },
];
