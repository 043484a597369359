import { getSiteOutput, getTeamOutput } from '@pulumi/netlify';
import * as pulumi from '@pulumi/pulumi';
import { isSiteId, isTeamId } from '../settings/netlifyNames.ts';

/** A site's and its team's ids. */
export interface NetlifySite {
  readonly siteId: pulumi.Output<string>;
  readonly teamId: pulumi.Output<string>;
}

/** The ids of the site and team that the settings name; asks Netlify only for what is given by name. */
export function netlifySite(
  { site, team }: { readonly site: string; readonly team: string },
  opts?: pulumi.InvokeOptions,
): NetlifySite {
  const teamId = isTeamId(team) ? pulumi.output(team) : getTeamOutput({ slug: team }, opts).id;
  // A site's name is looked up by its team's slug: the settings refuse a name beside a team's id.
  const siteId = isSiteId(site) ? pulumi.output(site) : getSiteOutput({ name: site, teamSlug: team }, opts).id;
  return { siteId, teamId };
}
