import { listRecordedDeploys } from '../services/github/deployments.ts';
import type { WorkflowRun } from '../services/github/runs.ts';
import { buildBranch } from './build.ts';
import type { StagingServices } from './stagingServices.ts';
import { confirmedAddress, permalink } from './recordedAddress.ts';
import { rerunAndWait } from './runJob.ts';
import { deployRuns, noDeployRun, noRunFor } from './runs.ts';
import { deployEnvironment } from '../settings/names/names.ts';

/** Who makes the deploy: the deploy job on GitHub, Netlify's own build, or the job where it ever ran and else Netlify. */
export const ways = ['auto', 'github', 'netlify'] as const;
export type Way = (typeof ways)[number];

/** A deploy of staging that is ready. */
export interface Redeployed {
  readonly by: 'github' | 'netlify';
  /** Its own address; empty when GitHub's job recorded none. */
  readonly url: string;
  /** On Netlify. */
  readonly deployId: string | undefined;
}

/** Deploys staging anew from the same commit, with today's variables. */
export async function redeploy(
  staging: StagingServices,
  options: {
    readonly via: Way;
    readonly title: string;
    readonly timeoutMs: number;
    readonly report: (line: string) => void;
  },
): Promise<Redeployed> {
  const { branch } = staging;
  if (options.via !== 'netlify') {
    const github = staging.github();
    const run = await runOfStaging(github, branch);
    if (run) {
      await rerunAndWait(github, run, { ...options, onlyFailed: false });
      const recorded = (await listRecordedDeploys(github.api, github.name, deployEnvironment, 5)).find(
        ({ sha }) => sha === run.sha,
      );
      const url = recorded?.url ? await confirmedAddress(staging, recorded.url) : '';
      return { by: 'github', url, deployId: undefined };
    }
    if (options.via === 'github') {
      throw new Error(`${noDeployRun(branch)}: push a commit, or use --via netlify.`);
    }
  }
  const { api, site } = await staging.netlify();
  const { id, url } = await buildBranch(api, site.siteId, { ...options, branch });
  return { by: 'netlify', url: permalink(url, id), deployId: id };
}

/** The run of the commit that staging serves; after a rollback that is not the branch's newest. */
async function runOfStaging(
  { api, name }: ReturnType<StagingServices['github']>,
  branch: string,
): Promise<WorkflowRun | undefined> {
  const runs = await deployRuns(api, name, { branch });
  const serves = (await listRecordedDeploys(api, name, deployEnvironment, 5)).find(({ url }) => url !== '')?.sha;
  if (serves === undefined || runs.length === 0) return runs[0];
  const [run] = await deployRuns(api, name, { branch, sha: serves });
  if (run) return run;
  throw new Error(
    `${noRunFor(serves)}, which staging serves. To deploy the newest commit of ` + `${branch} instead: --via netlify`,
  );
}
