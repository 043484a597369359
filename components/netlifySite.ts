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
  const teamById = isTeamId(team);
  const siteById = isSiteId(site);
  const teamId = teamById ? pulumi.output(team) : getTeamOutput({ slug: team }, opts).id;
  if (siteById) return { siteId: pulumi.output(site), teamId };
  if (teamById) {
    throw new Error(
      'allincompassing:netlify.team is an id, so allincompassing:netlify.site must be one too: the name of a site is looked up by its team’s slug.',
    );
  }
  return { siteId: getSiteOutput({ name: site, teamSlug: team }, opts).id, teamId };
}
