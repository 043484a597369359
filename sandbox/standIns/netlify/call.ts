import type { Store } from '../../server/store.ts';
import { jsonBody, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import { badRequest, notFound } from './apiError.ts';
import type { NetlifyState, StoredAccount, StoredSite, StoredUser } from './state.ts';

/** An authorised request, with what its path names. */
export interface Call {
  readonly request: ServiceRequest;
  /** Decoded placeholders of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly store: Store<NetlifyState>;
  /** Whose token it is. */
  readonly user: StoredUser;
  /** Where uploaded files are kept. */
  readonly filesDir: string;
}

export interface Route {
  readonly method: string;
  /** Below `/api/v1`, with `{placeholders}`; a last one named `path` spans segments. */
  readonly path: string;
  readonly handle: (call: Call) => ServiceReply;
}

/** A JSON object whose members are not known yet. */
export type Input = Readonly<Record<string, unknown>>;

export function isInput(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body as a JSON object; an empty body is an empty object. */
export function objectBody({ request }: Call): Input {
  if (request.body.length === 0) return {};
  const body = jsonBody(request);
  if (!isInput(body)) throw badRequest('body must be a JSON object');
  return body;
}

/** An account by its id or slug: Netlify takes either. */
export function findAccount(state: NetlifyState, idOrSlug: string | undefined): StoredAccount {
  const account = state.accounts.find(({ id, slug }) => id === idOrSlug || slug === idOrSlug);
  if (!account) throw notFound();
  return account;
}

/** A site by its id, its name or its domain: Netlify takes any. */
export function findSite(state: NetlifyState, reference: string | undefined): StoredSite {
  const site = state.sites.find(
    ({ id, name, default_domain, custom_domain }) =>
      id === reference || name === reference || default_domain === reference || custom_domain === reference,
  );
  if (!site || reference === '') throw notFound();
  return site;
}

/** One page of a list, with the `Link` header that leads to the others. */
export function page(call: Call, items: readonly unknown[]): ServiceReply {
  const perPage = Math.max(1, Number(call.query.get('per_page') ?? 100) || 100);
  const current = Math.max(1, Number(call.query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, relation: string) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(to));
    return `<http://${call.request.headers.host ?? '127.0.0.1'}${call.request.path}?${query.toString()}>; rel="${relation}"`;
  };
  const links = [...(current < last ? [link(current + 1, 'next'), link(last, 'last')] : [])];
  return {
    status: 200,
    ...(links.length > 0 && { headers: { link: links.join(', ') } }),
    body: items.slice((current - 1) * perPage, current * perPage),
  };
}
