import { declaredLists, readPlaces } from '../places/live.ts';
import { listRulesets, readClassic } from '../protection/github.ts';
import { githubApi } from '../services/github/github.ts';
import { readOwnership } from '../services/github/owner.ts';
import { findSite, listTeamVariables, listVariables, netlifyApi } from '../services/netlify/netlify.ts';
import { githubOwnerOf } from '../settings/stack/file.ts';
import type { Settings } from '../settings/settings.ts';
import type { Existing } from './existing.ts';

/** Reads what exists of the things that the settings name; asks Netlify and GitHub, and writes nothing. */
export async function readExisting(settings: Settings, root: string, stack: string): Promise<Existing> {
  const { netlify, github, supabase } = settings;
  const [netlifyClient, githubClient] = [netlifyApi(), githubApi()];
  const owner = githubOwnerOf(root, stack);
  const name = { owner, repository: github.repository };
  const site = await findSite(netlifyClient, netlify);
  const [variables, team, places, protection, rulesets, ownership] = await Promise.all([
    listVariables(netlifyClient, { accountId: site.accountId, siteId: site.id }),
    listTeamVariables(netlifyClient, site.accountId),
    readPlaces(settings, declaredLists(settings), { repository: name, project: supabase.project }),
    readClassic(githubClient, name, github.protection.branch),
    github.protection.form === 'ruleset' ? listRulesets(githubClient, name) : [],
    readOwnership(githubClient, name),
  ]);
  return {
    siteId: site.id,
    teamId: site.accountId,
    variables,
    ...(team && { team }),
    places,
    protection,
    rulesets,
    ownership,
  };
}
