import { randomUUID } from 'node:crypto';
import { notFound } from '../apiError.ts';
import { contextName, type ValueInput } from './environmentRules.ts';
import { findAccount, type Call } from '../call.ts';
import type { NetlifyState, StoredAccount, StoredUser, StoredValue, StoredVariable } from '../state.ts';

/** Whose variables a request is about: a team's shared ones, or one site's. */
export interface Owner {
  readonly account: StoredAccount;
  /** Key of the state's `variables`. */
  readonly name: string;
  /** What begins a line of effects. */
  readonly label: string;
}

/** The owner that the path and `site_id` name; a site of another team is not found. */
export function ownerOf({ store, params, query }: Call): Owner {
  const bySite = params.site_id ?? query.get('site_id') ?? '';
  const site = store.state.sites.find(({ id }) => id === bySite);
  if (bySite !== '' && !site) throw notFound();
  const account = findAccount(store.state, params.account_id ?? site?.account_id);
  if (!site) return { account, name: `account:${account.id}`, label: 'team env' };
  if (site.account_id !== account.id) throw notFound();
  return { account, name: `site:${site.id}`, label: 'env' };
}

export function variablesOf(state: NetlifyState, owner: Owner): StoredVariable[] {
  return (state.variables[owner.name] ??= []);
}

export function findVariable(state: NetlifyState, owner: Owner, key: string | undefined): StoredVariable {
  const found = state.variables[owner.name]?.find((variable) => variable.key === key);
  if (!found) throw notFound();
  return found;
}

/** Values with new ids; a value whose context was there before keeps its id. */
export function storedValues(inputs: readonly ValueInput[], before: readonly StoredValue[]): StoredValue[] {
  return inputs.map((input) => ({
    id: before.find((value) => contextName(value) === contextName(input))?.id ?? randomUUID(),
    ...input,
  }));
}

/** Hides secrets: only values for local development can be read back. */
const mask = '*'.repeat(20);

/** A variable as replies show it. */
export function variableView(users: readonly StoredUser[], variable: StoredVariable): object {
  const editor = users.find(({ id }) => id === variable.updated_by);
  return {
    key: variable.key,
    scopes: variable.scopes,
    values: variable.values.map((value) => ({
      ...value,
      value: variable.is_secret && value.context !== 'dev' && value.value !== '' ? mask : value.value,
    })),
    is_secret: variable.is_secret,
    updated_at: variable.updated_at,
    updated_by: {
      id: variable.updated_by,
      full_name: editor?.full_name ?? '',
      email: editor?.email ?? '',
      avatar_url: `https://avatars.example.com/${variable.updated_by}`,
    },
  };
}

/** The lines of effects between two states of a variable: which contexts' bytes differ, or that only the rest does. */
export function variableEffects(
  owner: Owner,
  before: StoredVariable | undefined,
  after: StoredVariable | undefined,
): string[] {
  if (before && after && before.key !== after.key) {
    return [...variableEffects(owner, before, undefined), ...variableEffects(owner, undefined, after)];
  }
  const key = (after ?? before)?.key ?? '';
  const old = new Map(before?.values.map((value) => [contextName(value), value.value]));
  const now = new Map(after?.values.map((value) => [contextName(value), value.value]));
  const line = (name: string, what: string) => `${owner.label} ${key} ${name} ${what}`;
  const lines = [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    if (!old.has(name)) return [line(name, 'added')];
    if (!now.has(name)) return [line(name, 'removed')];
    return old.get(name) === now.get(name) ? [] : [line(name, 'changed')];
  });
  const metadata = ({ scopes, is_secret }: StoredVariable) => JSON.stringify([scopes, is_secret]);
  const onlyMetadata = lines.length === 0 && before && after && metadata(before) !== metadata(after);
  return onlyMetadata ? [`${owner.label} ${key} metadata`] : lines;
}
