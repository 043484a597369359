import { getSite, getTeamOutput } from '@pulumi/netlify';
import * as pulumi from '@pulumi/pulumi';
import { ServiceError } from '../services/door/http.ts';
import { findSite, netlifyApi } from '../services/netlify/netlify.ts';
import { isSiteId, isTeamId } from '../settings/names/netlifyNames.ts';
import { namespace, type Settings } from '../settings/settings.ts';

/** A site's and its team's ids. */
export interface NetlifySite {
  readonly siteId: pulumi.Output<string>;
  readonly teamId: pulumi.Output<string>;
}

/** What names the site and the team: by name and slug, or by id. */
type Names = Pick<Settings['netlify'], 'site' | 'team' | 'mode' | 'productionSite'>;

/**
 * The ids of the site and team that the settings name. Asks Netlify only for what is given by name, and in the mode
 * `separate-site` for production's site: where a misspelt one is believed, nothing guards production.
 */
export function netlifySite({ site, team, mode, productionSite }: Names, opts?: pulumi.InvokeOptions): NetlifySite {
  const teamId = isTeamId(team) ? pulumi.output(team) : getTeamOutput({ slug: team }, opts).id;
  // A site's name is found by its team's slug: the settings refuse a name beside a team's id.
  const siteId = isSiteId(site) ? pulumi.output(site) : pulumi.output(idByName(site, team, opts));
  if (mode !== 'separate-site' || productionSite === undefined) return { siteId, teamId };
  return { siteId: pulumi.all([siteId, production(productionSite, team, opts)]).apply(([id]) => id), teamId };
}

/** The id of production's own site. */
async function production(site: string, team: string, opts?: pulumi.InvokeOptions): Promise<string> {
  try {
    return isSiteId(site) ? (await getSite({ id: site }, opts)).id : await idByName(site, team, opts);
  } catch {
    throw new pulumi.RunError(
      `Netlify has no site ${site} that this token can see, so nothing was changed. ` +
        `Correct ${namespace}:netlify.productionSite, or use the mode shared-site.`,
    );
  }
}

/**
 * Netlify's provider reads the first page of the sites alone, and its refusal stays in the output of a run that goes on: so
 * all pages are read here. Without a token the provider is asked, which says what it lacks.
 */
async function idByName(site: string, team: string, opts?: pulumi.InvokeOptions): Promise<string> {
  if (!process.env.NETLIFY_API_TOKEN) return (await getSite({ name: site, teamSlug: team }, opts)).id;
  try {
    return (await findSite(netlifyApi(), { site, team })).id;
  } catch (error) {
    if (error instanceof ServiceError) throw new pulumi.RunError(error.message); // one line, without a stack trace
    throw error;
  }
}
