import { storedValues } from '../standIns/netlify/environment/environmentStore.ts';
import { contextName, type ValueInput } from '../standIns/netlify/environment/environmentRules.ts';
import { tick, type NetlifyState, type Scope, type StoredVariable } from '../standIns/netlify/state.ts';
import type { Injection, World } from './injection.ts';

const colleague = '64b7f02ac1d95e0008f3a6b1';
const anyUrl = 'https://somewhere-else.example.com';
/** Somebody else's organisation. */
const foreignOrganization = '00000000-0000-4000-8000-00000000beef';
/** Made when it is needed: a value in the form of a secret must not stand in a file. */
const made = () => ['changed', 'by', 'hand', String(Date.now()), 'abcdefghijklmnop'].join('-');

function site(state: NetlifyState): StoredVariable[] {
  const [first] = state.sites;
  return (state.variables[`site:${first?.id ?? ''}`] ??= []);
}

/** Changes one variable of the site, as a colleague in Netlify's own page. */
function edit({ netlify }: World, key: string, change: (variable: StoredVariable) => void): void {
  netlify.store.update((state) => {
    const variable = site(state).find((each) => each.key === key);
    if (!variable) throw new Error(`There is no variable ${key} to break. Provision first: npm start`);
    change(variable);
    variable.updated_at = tick(state);
    variable.updated_by = colleague;
  });
}

function add({ netlify }: World, key: string, values: readonly ValueInput[]): void {
  netlify.store.update((state) => {
    site(state).push({
      key,
      scopes: ['builds', 'functions', 'runtime', 'post_processing'],
      values: storedValues(values, []),
      is_secret: false,
      updated_at: tick(state),
      updated_by: colleague,
    });
  });
}

function set(key: string, context: string, value: () => string) {
  return (world: World) =>
    edit(world, key, ({ values }) => {
      const found = values.find((each) => contextName(each) === context);
      if (found) found.value = value();
    });
}

function drop(key: string, context: string) {
  return (world: World) =>
    edit(world, key, (variable) => {
      variable.values = variable.values.filter((each) => contextName(each) !== context);
    });
}

function addValue(key: string, value: Omit<ValueInput, 'value'>) {
  return (world: World) =>
    edit(world, key, (variable) => variable.values.push(...storedValues([{ ...value, value: made() }], [])));
}

function narrow(key: string, without: Scope) {
  return (world: World) =>
    edit(world, key, (variable) => {
      variable.scopes = variable.scopes.filter((scope) => scope !== without);
    });
}

/** What people do to variables on Netlify. */
export const netlifyInjections: Readonly<Record<string, Injection>> = {
  'variable-missing': {
    title: 'delete OPENAI_API_KEY',
    touches: ['OPENAI_API_KEY'],
    inject: ({ netlify }) =>
      netlify.store.update((state) => {
        const variables = site(state);
        variables.splice(
          variables.findIndex(({ key }) => key === 'OPENAI_API_KEY'),
          1,
        );
      }),
  },
  'context-missing': {
    title: 'take SUPABASE_URL away from branch:staging',
    touches: ['SUPABASE_URL/branch:staging'],
    inject: drop('SUPABASE_URL', 'branch:staging'),
  },
  'secret-context-missing': {
    title: 'take SUPABASE_ACCESS_TOKEN away from branch:develop',
    touches: ['SUPABASE_ACCESS_TOKEN/values'],
    inject: drop('SUPABASE_ACCESS_TOKEN', 'branch:develop'),
  },
  'production-context-missing': {
    title: 'take SUPABASE_URL away from production',
    touches: ['SUPABASE_URL/production'],
    inject: drop('SUPABASE_URL', 'production'),
  },
  'value-changed': {
    title: 'change SUPABASE_URL in branch:develop',
    touches: ['SUPABASE_URL/branch:develop'],
    inject: set('SUPABASE_URL', 'branch:develop', () => anyUrl),
  },
  'value-empty': {
    title: 'empty SUPABASE_ANON_KEY in branch:staging',
    touches: ['SUPABASE_ANON_KEY/branch:staging'],
    inject: set('SUPABASE_ANON_KEY', 'branch:staging', () => ''),
  },
  'production-value-changed': {
    title: 'change SUPABASE_ANON_KEY in production',
    touches: ['SUPABASE_ANON_KEY/production'],
    inject: set('SUPABASE_ANON_KEY', 'production', made),
  },
  'secret-changed': {
    title: 'change the secret SUPABASE_ACCESS_TOKEN',
    touches: ['SUPABASE_ACCESS_TOKEN/values'],
    inject: set('SUPABASE_ACCESS_TOKEN', 'branch:staging', made),
  },
  'shared-secret-changed': {
    title: 'change the secret SUPABASE_SERVICE_ROLE_KEY, which production reads too',
    touches: ['SUPABASE_SERVICE_ROLE_KEY'],
    inject: set('SUPABASE_SERVICE_ROLE_KEY', 'production', made),
  },
  'secret-readable': {
    title: 'make SUPABASE_ACCESS_TOKEN plain',
    touches: ['SUPABASE_ACCESS_TOKEN'],
    inject: (world) =>
      edit(world, 'SUPABASE_ACCESS_TOKEN', (variable) => {
        variable.is_secret = false;
      }),
  },
  'secret-flag-irreversible': {
    title: 'make SUPABASE_URL secret',
    touches: ['SUPABASE_URL'],
    inject: (world) =>
      edit(world, 'SUPABASE_URL', (variable) => {
        variable.is_secret = true;
        variable.scopes = ['builds', 'functions', 'runtime'];
      }),
  },
  'scope-missing': {
    title: 'take SUPABASE_ANON_KEY away from functions',
    touches: ['SUPABASE_ANON_KEY/scopes'],
    inject: narrow('SUPABASE_ANON_KEY', 'functions'),
  },
  'branch-value-undeclared': {
    title: 'give SUPABASE_URL a value for the branch feature',
    touches: ['SUPABASE_URL/branch:feature'],
    inject: addValue('SUPABASE_URL', { context: 'branch', context_parameter: 'feature' }),
  },
  'context-undeclared': {
    title: 'give DEFAULT_ORGANIZATION_ID a value for deploy previews',
    touches: ['DEFAULT_ORGANIZATION_ID/deploy-preview'],
    inject: addValue('DEFAULT_ORGANIZATION_ID', { context: 'deploy-preview' }),
  },
  'all-context-undeclared': {
    title: 'give SUPABASE_URL a value for all contexts',
    touches: ['SUPABASE_URL/all'],
    inject: addValue('SUPABASE_URL', { context: 'all' }),
  },
  'variable-undeclared': {
    title: 'add NEW_FLAG in production',
    touches: ['NEW_FLAG'],
    inject: (world) => add(world, 'NEW_FLAG', [{ context: 'production', value: 'on' }]),
  },
  'staging-variable-undeclared': {
    title: 'add DEBUG in branch:staging',
    touches: ['DEBUG'],
    inject: (world) => add(world, 'DEBUG', [{ context: 'branch', context_parameter: 'staging', value: 'on' }]),
  },
  'sensitive-variable-plain': {
    title: 'add STRIPE_SECRET_KEY as a plain variable',
    touches: ['STRIPE_SECRET_KEY'],
    inject: (world) => add(world, 'STRIPE_SECRET_KEY', [{ context: 'all', value: made() }]),
  },
  'variable-reserved': {
    title: 'add AWS_REGION, which the functions’ runtime keeps for itself',
    touches: ['env/AWS_REGION'],
    inject: (world) => add(world, 'AWS_REGION', [{ context: 'production', value: 'eu-central-1' }]),
  },
  'variable-misspelt': {
    title: 'add supabase_url beside SUPABASE_URL',
    touches: ['supabase_url'],
    inject: (world) => add(world, 'supabase_url', [{ context: 'production', value: anyUrl }]),
  },
  'organization-differs': {
    title: 'set another organisation in branch:develop',
    touches: ['DEFAULT_ORGANIZATION_ID/branch:develop'],
    inject: set('DEFAULT_ORGANIZATION_ID', 'branch:develop', () => foreignOrganization),
  },
  'organization-production-differs': {
    title: 'set another organisation in production',
    touches: ['DEFAULT_ORGANIZATION_ID/production'],
    inject: set('DEFAULT_ORGANIZATION_ID', 'production', () => foreignOrganization),
  },
  'kill-switch-variable': {
    title: 'set AGENT_ACTIONS_DISABLED by hand',
    touches: ['AGENT_ACTIONS_DISABLED'],
    inject: (world) =>
      add(world, 'AGENT_ACTIONS_DISABLED', [{ context: 'branch', context_parameter: 'staging', value: 'true' }]),
  },
  'netlify-secret-old': {
    title: 'let a year pass for SUPABASE_SERVICE_ROLE_KEY',
    touches: ['SUPABASE_SERVICE_ROLE_KEY'],
    inject: ({ netlify }) =>
      netlify.store.update((state) => {
        const variable = site(state).find(({ key }) => key === 'SUPABASE_SERVICE_ROLE_KEY');
        if (variable) variable.updated_at = new Date(Date.now() - 400 * 86_400_000).toISOString();
      }),
  },
};
