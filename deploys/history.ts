import { listRecordedDeploys, type RecordedDeploy } from '../services/github/deployments.ts';
import { listDeploys, readBuilds, type LiveDeploy, type SiteBuilds } from '../services/netlify/deploys.ts';
import type { StagingServices } from './stagingServices.ts';
import { branchesOf } from '../settings/context.ts';
import { isAddressOf } from './recordedAddress.ts';
import { isBefore, newestFirst } from '../machine/times.ts';
import { columns } from '../machine/columns.ts';
import { deployEnvironment } from '../settings/names/names.ts';

/** A deploy of staging with what is known of its smoke test. */
export interface HistoryEntry extends LiveDeploy {
  /** As GitHub recorded it: `not recorded` when no deployment names this deploy. */
  readonly smoke: RecordedDeploy['outcome'] | 'not recorded';
  readonly sha: string | undefined;
  readonly published: boolean;
}

/** Staging's deploys on the site, the newest first. */
export interface History {
  readonly deploys: readonly HistoryEntry[];
  readonly site: SiteBuilds;
  /** Why the smoke tests' results are missing, if they are. */
  readonly withoutGithub: string | undefined;
}

/** Reads Netlify's deploys and GitHub's records; without GitHub the deploys are listed all the same. */
export async function readHistory(staging: StagingServices): Promise<History> {
  const { api, site } = await staging.netlify();
  const branches = [...new Set([staging.branch, ...branchesOf(staging.settings.netlify.contexts)])];
  const separate = staging.settings.netlify.mode === 'separate-site';
  const builds = await readBuilds(api, site.siteId);
  const wanted = separate ? [...new Set([...branches, builds.productionBranch ?? 'main'])] : branches;
  const lists = await Promise.all(wanted.map((branch) => listDeploys(api, site.siteId, branch)));
  const { recorded, withoutGithub } = await records(staging);
  const deploys = lists
    .flat()
    .sort((a, b) => newestFirst(a.createdAt, b.createdAt))
    .map((deploy) => {
      const record = recorded.find(({ url }) => isAddressOf(url, deploy));
      return {
        ...deploy,
        smoke: record?.outcome ?? ('not recorded' as const),
        sha: record?.sha,
        published: deploy.id === builds.publishedDeploy,
      };
    });
  return { deploys, site: builds, withoutGithub };
}

async function records(
  staging: StagingServices,
): Promise<{ recorded: RecordedDeploy[]; withoutGithub: string | undefined }> {
  try {
    const { api, name } = staging.github();
    return { recorded: await listRecordedDeploys(api, name, deployEnvironment), withoutGithub: undefined };
  } catch (error) {
    return { recorded: [], withoutGithub: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The newest good deploy (ready, smoke test passed) that is older than `current`, so that a second rollback never goes
 * to the newer commit that the first one left. With `byCommit` a commit that was deployed again is as old as its first
 * deploy, and deploys of the current commit are left out.
 */
export function lastGood(
  { deploys }: History,
  current: HistoryEntry | undefined,
  byCommit: boolean,
): HistoryEntry | undefined {
  const made = (entry: HistoryEntry) => {
    const first = byCommit && entry.sha !== undefined ? deploys.findLast(({ sha }) => sha === entry.sha) : entry;
    return (first ?? entry).createdAt;
  };
  return deploys
    .filter(({ state, smoke }) => state === 'ready' && smoke === 'passed')
    .filter((entry) => current === undefined || isBefore(made(entry), made(current)))
    .sort((a, b) => newestFirst(made(a), made(b)))[0];
}

/** The history for people. */
export function historyText({ deploys, site, withoutGithub }: History): string {
  const rows = deploys.map(({ id, createdAt, state, branch, smoke, published, locked, url }) => {
    const marks = [...(published ? ['published'] : []), ...(locked ? ['locked'] : [])].join(', ');
    return [createdAt, id, branch, state, `smoke ${smoke}`, marks ? `${url}  (${marks})` : url];
  });
  return [
    ...(rows.length > 0 ? columns(rows, '  ') : ['  No deploy of staging’s branches.']),
    ...(withoutGithub === undefined ? [] : ['', `Without the smoke tests' results: ${withoutGithub}`]),
    '',
    `The site's own address serves ${site.publishedDeploy ?? 'nothing'}${site.publishedLocked ? ' (locked)' : ''}.`,
    '',
  ].join('\n');
}
