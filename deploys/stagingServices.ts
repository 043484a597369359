import { githubApi, type RepositoryName } from '../services/github/github.ts';
import type { Api } from '../services/door/http.ts';
import { findSite, netlifyApi } from '../services/netlify/netlify.ts';
import type { SiteIds } from '../services/netlify/variable.ts';
import { fileSettings, githubOwnerOf } from '../settings/stack/file.ts';
import { projectRoot } from '../settings/stack/projectRoot.ts';
import type { Settings } from '../settings/settings.ts';
import { projectOf, type SupabaseProject } from '../settings/supabaseProject.ts';

/** A stack as the commands act on it: its settings, and the services that they name. */
export interface StagingServices {
  readonly root: string;
  readonly stack: string;
  readonly settings: Settings;
  /** The Supabase project that the stack uses. */
  readonly project: SupabaseProject;
  /** The branch whose deploys are staging's: the protected one. */
  readonly branch: string;
  netlify(): Promise<{ readonly api: Api; readonly site: SiteIds }>;
  github(): { readonly api: Api; readonly name: RepositoryName };
}

/** Reads the settings of a stack. A service is called only when a command needs it. */
export function openStaging(stack: string): StagingServices {
  const root = projectRoot();
  const settings = fileSettings(root, stack);
  return {
    root,
    stack,
    settings,
    project: projectOf(settings),
    branch: settings.github.protection.branch,
    netlify: async () => {
      const api = netlifyApi();
      const { id, accountId } = await findSite(api, settings.netlify);
      return { api, site: { siteId: id, accountId } };
    },
    github: () => {
      const owner = githubOwnerOf(root, stack);
      return { api: githubApi(), name: { owner, repository: settings.github.repository } };
    },
  };
}
