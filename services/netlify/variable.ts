import { contextFields, type Context } from '../../settings/context.ts';
import { call, ServiceError, type Api } from '../door/http.ts';
import { listVariables } from './netlify.ts';

/** A site by both ids that Netlify's environment API wants. */
export interface SiteIds {
  readonly accountId: string;
  readonly siteId: string;
}

/**
 * Sets one plain variable in these contexts, and leaves every other context and key as it is. Reads it back: what may
 * have been cut off half way is found out, and said.
 */
export async function setVariable(
  api: Api,
  site: SiteIds,
  key: string,
  value: string,
  contexts: readonly Context[],
): Promise<void> {
  let problem: unknown;
  // Twice: a write whose answer got lost may have happened, and a key may appear between the look and the write.
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const live = await read(api, site, key);
    const missing = contexts.filter((context) => live?.get(context) !== value);
    if (missing.length === 0) return;
    try {
      if (live) await patch(api, site, key, value, missing);
      else await create(api, site, key, value, contexts);
      problem = undefined;
    } catch (error) {
      if (error instanceof ServiceError && (error.status === 401 || error.status === 403)) throw error;
      problem = error;
    }
  }
  const live = await read(api, site, key);
  const missing = contexts.filter((context) => live?.get(context) !== value);
  if (missing.length === 0) return;
  if (problem instanceof Error) throw problem;
  throw new Error(
    `Netlify took ${key}, but ${missing.join(' and ')} has another value. Somebody else may be changing it.`,
  );
}

async function read(api: Api, site: SiteIds, key: string): Promise<Map<Context, string | undefined> | undefined> {
  const variable = (await listVariables(api, site)).find((one) => one.key === key);
  return variable && new Map(variable.values.map(({ context, value: held }) => [context, held]));
}

async function patch(api: Api, site: SiteIds, key: string, value: string, contexts: readonly Context[]) {
  for (const context of contexts) {
    await call(api, {
      method: 'PATCH',
      path: `/accounts/${encodeURIComponent(site.accountId)}/env/${encodeURIComponent(key)}`,
      query: { site_id: site.siteId },
      body: { ...wire(context), value },
      audit: { action: 'set', writes: [{ place: 'netlify', name: key, in: context, value }] },
    });
  }
}

async function create(api: Api, site: SiteIds, key: string, value: string, contexts: readonly Context[]) {
  await call(api, {
    method: 'POST',
    path: `/accounts/${encodeURIComponent(site.accountId)}/env`,
    query: { site_id: site.siteId },
    body: [{ key, values: contexts.map((context) => ({ ...wire(context), value })) }],
    audit: { action: 'set', writes: contexts.map((context) => ({ place: 'netlify', name: key, in: context, value })) },
  });
}

function wire(context: Context) {
  const { context: name, contextParameter } = contextFields(context);
  return { context: name, ...(contextParameter !== undefined && { context_parameter: contextParameter }) };
}
