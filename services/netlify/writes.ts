import { z } from 'zod';
import type { Act } from '../../audit/trail.ts';
import { contextFields, type Context } from '../../settings/context.ts';
import { call, type Api } from '../door/http.ts';
import type { SiteIds } from './variable.ts';

/** A value to write. */
export interface NewValue {
  readonly context: Context;
  readonly value: string;
}

/** A whole variable to write: its scopes are all when left out. */
export interface NewVariable {
  readonly secret: boolean;
  readonly scopes?: readonly string[];
  readonly values: readonly NewValue[];
}

/** When Netlify took a write (ISO 8601), as its answer says. */
export type Written = string | undefined;

function wire({ context, value }: NewValue) {
  const { context: name, contextParameter } = contextFields(context);
  return { context: name, value, ...(contextParameter !== undefined && { context_parameter: contextParameter }) };
}

function path({ accountId }: SiteIds, key?: string): string {
  return `/accounts/${encodeURIComponent(accountId)}/env${key === undefined ? '' : `/${encodeURIComponent(key)}`}`;
}

function body({ secret, scopes, values }: NewVariable) {
  return { is_secret: secret, ...(scopes && { scopes }), values: values.map(wire) };
}

function audit(key: string, values: readonly NewValue[]): Act {
  return {
    action: 'set',
    writes: values.map(({ context, value }) => ({ place: 'netlify', name: key, in: context, value })),
  };
}

/** Netlify's answer to a write: the variable, or nothing. */
const written = z
  .object({ updated_at: z.string().nullish() })
  .nullish()
  .transform((answer): Written => answer?.updated_at ?? undefined);

/** Makes a variable that is not there; Netlify refuses one that is. */
export async function createVariable(api: Api, site: SiteIds, key: string, variable: NewVariable): Promise<Written> {
  const request = {
    method: 'POST',
    path: path(site),
    query: { site_id: site.siteId },
    body: [{ key, ...body(variable) }],
    audit: audit(key, variable.values),
  } as const;
  return (await call(api, request, z.array(written).nullish())).data?.[0];
}

/** Replaces a variable whole: contexts that are not given are gone. */
export async function replaceVariable(api: Api, site: SiteIds, key: string, variable: NewVariable): Promise<Written> {
  const request = {
    method: 'PUT',
    path: path(site, key),
    query: { site_id: site.siteId },
    body: { key, ...body(variable) },
    audit: audit(key, variable.values),
  } as const;
  return (await call(api, request, written)).data;
}

/** Sets one context's value; every other one stays as it is. */
export async function setContextValue(api: Api, site: SiteIds, key: string, value: NewValue): Promise<Written> {
  const request = {
    method: 'PATCH',
    path: path(site, key),
    query: { site_id: site.siteId },
    body: wire(value),
    audit: audit(key, [value]),
  } as const;
  return (await call(api, request, written)).data;
}

/** Takes one value away by its id; the variable itself stays. */
export async function deleteValue(api: Api, site: SiteIds, key: string, id: string): Promise<void> {
  await call(api, {
    method: 'DELETE',
    path: `${path(site, key)}/value/${encodeURIComponent(id)}`,
    query: { site_id: site.siteId },
    audit: { action: 'delete', writes: [{ place: 'netlify', name: key, in: `the value ${id}` }] },
  });
}

/** Deletes a variable in every context. */
export async function deleteVariable(api: Api, site: SiteIds, key: string): Promise<void> {
  await call(api, {
    method: 'DELETE',
    path: path(site, key),
    query: { site_id: site.siteId },
    audit: { action: 'delete', writes: [{ place: 'netlify', name: key, in: 'every context' }] },
  });
}
