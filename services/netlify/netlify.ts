import { z } from 'zod';
import { contextOf, type Context } from '../../settings/context.ts';
import { isSiteId } from '../../settings/names/netlifyNames.ts';
import { call, isAnswer, ServiceError, type Api } from '../door/http.ts';

/** One live value of a variable. */
interface LiveValue {
  readonly id: string;
  readonly context: Context;
  /** The value; `undefined` where Netlify does not show it (a secret variable), or sent none. */
  readonly value: string | undefined;
}

/** One live variable of the site. */
export interface LiveVariable {
  readonly key: string;
  readonly secret: boolean;
  readonly scopes: readonly string[];
  readonly values: readonly LiveValue[];
  /** ISO 8601. */
  readonly updatedAt: string | undefined;
  readonly updatedBy: string | undefined;
}

/** A Netlify site as far as this project needs it. */
export interface LiveSite {
  readonly id: string;
  readonly accountId: string;
}

/** Netlify's API at `NETLIFY_API_ENDPOINT` (default https://api.netlify.com), signed in by `NETLIFY_API_TOKEN`. */
export function netlifyApi(env: NodeJS.ProcessEnv = process.env): Api {
  const token = env.NETLIFY_API_TOKEN;
  if (!token)
    throw new ServiceError(
      'NETLIFY_API_TOKEN is not set. Create a token in Netlify’s user settings and export it.',
      401,
      'no-token',
    );
  return {
    vendor: 'Netlify',
    baseUrl: `${(env.NETLIFY_API_ENDPOINT ?? 'https://api.netlify.com').replace(/\/+$/, '')}/api/v1`,
    headers: { authorization: `Bearer ${token}` },
    accessFix: 'Set NETLIFY_API_TOKEN to a token that may read this team’s sites.',
    addressSetting: 'NETLIFY_API_ENDPOINT',
  };
}

const variableAnswer = z
  .object({
    key: z.string(),
    is_secret: z.boolean().nullish(),
    scopes: z.array(z.string()).nullish(),
    values: z
      .array(
        z.object({
          id: z.string().nullish(),
          value: z.string().nullish(),
          context: z.string(),
          context_parameter: z.string().nullish(),
        }),
      )
      .nullish(),
    updated_at: z.string().nullish(),
    updated_by: z.object({ full_name: z.string().nullish(), email: z.string().nullish() }).nullish(),
  })
  .transform((variable): LiveVariable => {
    const secret = variable.is_secret === true;
    return {
      key: variable.key,
      secret,
      scopes: variable.scopes ?? [],
      values: (variable.values ?? []).map((value) => ({
        id: value.id ?? '',
        context: contextOf({ context: value.context, contextParameter: value.context_parameter }),
        value: secret ? undefined : (value.value ?? undefined),
      })),
      updatedAt: variable.updated_at ?? undefined,
      updatedBy: variable.updated_by?.full_name ?? variable.updated_by?.email ?? undefined,
    };
  });
const variables = z.array(variableAnswer);

/** Every variable of a site, in one request: unfiltered, because a filter by context leaves branch values out. */
export async function listVariables(
  api: Api,
  site: { readonly accountId: string; readonly siteId: string },
): Promise<LiveVariable[]> {
  const request = { path: environmentOf(site.accountId), query: { site_id: site.siteId } };
  return (await call(api, request, variables)).data;
}

/**
 * The variables that a team has for all of its sites. `undefined` where the token may not see them: a member of single
 * sites may not.
 */
export async function listTeamVariables(api: Api, accountId: string): Promise<LiveVariable[] | undefined> {
  try {
    return (await call(api, { path: environmentOf(accountId) }, variables)).data;
  } catch (error) {
    if (isAnswer(error, ...hidden)) return undefined;
    throw error;
  }
}

/** How Netlify says that a token may not see something. */
const hidden = [401, 403, 404] as const;

function environmentOf(accountId: string): string {
  return `/accounts/${encodeURIComponent(accountId)}/env`;
}

/** Netlify lists sites that are not wanted here too: what only the wanted one must have is asked of that one. */
const siteAnswer = z.object({
  id: z.string(),
  name: z.string().nullish(),
  account_id: z.string().nullish(),
  account_slug: z.string().nullish(),
});
const siteAnswers = z.array(siteAnswer);
type SiteAnswer = z.infer<typeof siteAnswer>;

/** The site that the settings name, by id or by name within its team. */
export async function findSite(
  api: Api,
  settings: { readonly site: string; readonly team: string },
): Promise<LiveSite> {
  const { site: wanted, team } = settings;
  const isIt = ({ id, name, account_id: accountId, account_slug: accountSlug }: SiteAnswer) =>
    (id === wanted || name === wanted) && (accountSlug === team || accountId === team);
  const found = isSiteId(wanted)
    ? [(await call(api, { path: `/sites/${wanted}` }, siteAnswer)).data].find(isIt)
    : await findByName(api, wanted, isIt);
  if (!found) {
    throw new ServiceError(
      `Netlify has no site ${wanted} in the team ${team} that this token can see. ` +
        'Check allincompassing:netlify.site and .team in Pulumi.staging.yaml.',
      404,
    );
  }
  if (!found.account_id) {
    throw new ServiceError(
      `Netlify’s answer about the site ${wanted} has another form: account_id is missing.`,
      0,
      'form',
    );
  }
  return { id: found.id, accountId: found.account_id };
}

/**
 * Netlify's filter takes every site whose name has the wanted one in it, of all teams, and gives them page by page: as
 * many pages as it takes. An empty one is the last, as is one that begins like the page before (a proxy drops the number).
 */
async function findByName(
  api: Api,
  name: string,
  isIt: (site: SiteAnswer) => boolean,
): Promise<SiteAnswer | undefined> {
  let before: string | undefined;
  for (let page = 1; ; page += 1) {
    const query = { name, filter: 'all', page: String(page), per_page: '100' };
    const sites = (await call(api, { path: '/sites', query }, siteAnswers)).data;
    const found = sites.find(isIt);
    const [first] = sites;
    if (found || first === undefined || first.id === before) return found;
    before = first.id;
  }
}
