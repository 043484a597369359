import { ApiError, badRequest, unprocessable } from '../apiError.ts';
import { isInput, type Input } from '../call.ts';
import { scopes, type Scope, type StoredAccount } from '../state.ts';
import { contexts, type Context } from '../contexts.ts';

/** A value as a request gives it, checked. */
export interface ValueInput {
  readonly value: string;
  readonly context: Context;
  readonly context_parameter?: string;
}

/** Names that Netlify sets itself and refuses from others. */
const readOnlyKeys = new Set(
  'BRANCH BUILD_ID CACHED_COMMIT_REF COMMIT_REF CONTEXT DEPLOY_ID DEPLOY_PRIME_URL DEPLOY_URL HEAD NETLIFY PULL_REQUEST REPOSITORY_URL REVIEW_ID SITE_ID SITE_NAME URL'.split(
    ' ',
  ),
);

export function readKey(key: unknown): string {
  if (typeof key !== 'string' || key === '') throw badRequest('key is missing');
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(key))
    throw unprocessable('key must start with a letter and have only letters, digits and underscores');
  if (readOnlyKeys.has(key)) throw unprocessable(`${key} is a reserved environment variable`);
  return key;
}

/** Requests spell `post-processing`, replies `post_processing`; Netlify takes both. */
function readScope(scope: unknown): Scope | undefined {
  return scopes.find((known) => typeof scope === 'string' && known === scope.replace('-', '_'));
}

export function readValue(input: unknown, isSecret: boolean): ValueInput {
  if (!isInput(input)) throw badRequest('value must be an object');
  const { value, context, context_parameter: parameter } = input;
  const known = contexts.find((one) => one === context);
  if (!known) throw unprocessable('context is invalid');
  if (value !== undefined && typeof value !== 'string') throw badRequest('value must be a string');
  if (isSecret && known === 'all')
    throw unprocessable('secrets must have explicit contexts: context all is not allowed');
  const hasParameter = typeof parameter === 'string' && parameter !== '';
  if (known === 'branch' && !hasParameter) throw unprocessable('context_parameter is required for context branch');
  if (known !== 'branch' && hasParameter) throw unprocessable('context_parameter is only allowed for context branch');
  return { value: value ?? '', context: known, ...(hasParameter && { context_parameter: parameter }) };
}

export function readValues(input: unknown, isSecret: boolean): ValueInput[] {
  if (!Array.isArray(input)) throw badRequest('values must be an array');
  const values = input.map((value: unknown) => readValue(value, isSecret));
  if (values.length === 0) throw unprocessable('values must not be empty');
  const named = new Set(values.map(contextName));
  if (named.size < values.length) throw unprocessable('values must not have the same context twice');
  return values;
}

/** `production`, `branch:staging`, …: what distinguishes the values of a variable. */
export function contextName({ context, context_parameter: parameter }: Omit<ValueInput, 'value'>): string {
  return context === 'branch' ? `branch:${parameter ?? ''}` : context;
}

/**
 * The scopes of a new or replaced variable. Only paid plans choose scopes; secrets have to name theirs, never post
 * processing, and on the free plan exactly the other three.
 */
export function readScopes(input: Input, isSecret: boolean, { plan }: StoredAccount): Scope[] | undefined {
  const given = input.scopes;
  if (given === undefined || given === null || (Array.isArray(given) && given.length === 0)) {
    if (!isSecret) return undefined;
    throw plan === 'free' ? upgrade() : unprocessable('secrets must have explicit scopes');
  }
  if (!Array.isArray(given)) throw badRequest('scopes must be an array');
  const read = given.map(readScope);
  const chosen = scopes.filter((scope) => read.includes(scope));
  if (read.includes(undefined)) throw unprocessable('scopes are invalid');
  if (isSecret && chosen.includes('post_processing')) {
    throw plan === 'free' ? upgrade() : unprocessable('secrets cannot have the post processing scope');
  }
  if (plan === 'free' && !(isSecret && chosen.length === scopes.length - 1)) throw upgrade();
  return chosen;
}

/** The vendor's own words, whatever the mistake with scopes on a free plan is. */
const upgrade = () => new ApiError(403, 'Upgrade your Netlify account to set specific scopes');

/** A filter of a listing; the CLI's branch names are refused with the vendor's own words. */
export function readContextFilter(query: URLSearchParams): Context | undefined {
  // The published document and the CLI say `context_name`, the Terraform provider's `context`.
  const name = query.get('context_name') ?? query.get('context');
  if (name === null || name === '') return undefined;
  const known = contexts.find((context) => context === name && context !== 'branch');
  if (!known) throw badRequest('non-compatible context');
  return known;
}

export function readScopeFilter(query: URLSearchParams): Scope | undefined {
  const name = query.get('scope');
  if (name === null || name === '') return undefined;
  const known = readScope(name);
  if (!known) throw badRequest('non-compatible scope');
  return known;
}
