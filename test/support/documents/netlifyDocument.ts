import published from '@netlify/open-api';
import type { Exchange } from '../../../sandbox/server/serve.ts';
import { validateExchange } from './openapi.ts';
import { findOperation } from './openapiRoutes.ts';
import { isObject, type Json } from './openapiSchema.ts';

/** What Netlify's own programs send beyond the published document, each with who sends it and why it is let through. */
const deviations = [
  {
    path: '/accounts/{account_id}/env/{key}',
    method: 'put',
    query: 'key',
    reason:
      "Netlify's Terraform provider is generated from another edition of the document, in which an update names its key in " +
      'the path and behind it. The service takes it.',
  },
] as const;

/** Members that Netlify's own Terraform provider refuses to do without, though the published document does not require them. */
const requiredByProvider: Readonly<Record<string, readonly string[]>> = {
  // A variable, told by its scopes; a team, by its roles; a site, by its build image.
  scopes: ['key', 'values', 'updated_at', 'updated_by'],
  roles_allowed: [
    'id',
    'name',
    'slug',
    'capabilities',
    'owner_ids',
    'type_id',
    'type_name',
    'created_at',
    'updated_at',
  ],
  build_image: [
    ...['id', 'name', 'plan', 'state', 'url', 'ssl_url', 'admin_url', 'deploy_url', 'screenshot_url', 'id_domain'],
    ...['account_id', 'account_slug', 'account_name', 'default_domain', 'custom_domain', 'domain_aliases'],
    ...['branch_deploy_custom_domain', 'deploy_preview_custom_domain', 'sso_login', 'sso_login_context', 'labels'],
    ...['notification_email', 'force_ssl', 'managed_dns', 'build_settings', 'processing_settings', 'deploy_hook'],
    ...['capabilities', 'build_image', 'build_timelimit', 'deploy_retention_in_days', 'created_at', 'updated_at'],
  ],
};

/** The replies' side of the document as it is in truth: scopes are spelled `post_processing` (Netlify's CLI says so as well). */
function correct(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value.map(correct);
    return list.includes('post-processing') ? [...list, 'post_processing'] : list;
  }
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, correct(member)]));
  const { properties } = value;
  if (!isObject(properties)) return copy;
  const required = Object.entries(requiredByProvider).find(([member]) => member in properties)?.[1];
  return { ...copy, ...(required && { required }) };
}

function corrected(document: object): Json {
  const copy = structuredClone(document) as {
    paths: Record<string, Record<string, { responses?: unknown; parameters?: object[] }>>;
  };
  for (const { path, method, query, reason } of deviations) {
    const operation = copy.paths[path]?.[method];
    if (!operation) throw new Error(`${method} ${path} is not in Netlify's document any more: ${reason}`);
    operation.parameters = [
      ...(operation.parameters ?? []),
      { name: query, in: 'query', type: 'string', description: reason },
    ];
  }
  for (const operation of Object.values(copy.paths).flatMap((path) => Object.values(path))) {
    if (operation.responses !== undefined) operation.responses = correct(operation.responses);
  }
  return copy;
}

const document = corrected(published);

/** What is wrong with an exchange by Netlify's document, corrected where Netlify's own programs contradict it. */
export function netlifyProblems(exchange: Exchange): string[] {
  // The extensions host has no published document.
  return exchange.request.path.startsWith('/api/v1/') ? validateExchange(document, exchange) : [];
}

/** The deviations that none of these exchanges makes: the list must not let through what nobody sends. */
export function unusedDeviations(exchanges: readonly Exchange[]): string[] {
  return deviations.flatMap(({ path, method, query }) => {
    const title = `${method.toUpperCase()} ${path}`;
    const isMade = exchanges.some(
      ({ request }) =>
        findOperation(document, '/api/v1', request.method, request.path)?.title === title && request.query.has(query),
    );
    return isMade ? [] : [`${title}?${query}`];
  });
}
