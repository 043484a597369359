import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { record, workOff } from '../drill/pipeline.ts';
import { openStore } from '../standIns/github/state.ts';
import { site } from '../process/identity.ts';
import { netlifyTokens } from '../standIns/netlify/index.ts';
import type { ServiceRequest } from '../server/service.ts';
import { openProject } from '../stack/supabaseProject.ts';
import type { ApplicationState } from './layApplication.ts';
import type { BuiltApplication } from './buildApplication.ts';
import { deployApplication } from './deployApplication.ts';

/** The team's deploy job, played: what it deploys is the real build of the twin, quickly made. */
export interface DeployJob {
  /** Builds and deploys to staging; yields the deploy's id. GitHub is told nothing. */
  deploy(): Promise<string>;
  /**
   * What a team has after its first pushes: the last two commits deployed one after the other, each recorded on GitHub with a
   * passed smoke test. False when GitHub knows of a deploy already: then nothing is done.
   */
  firstDeploys(): Promise<boolean>;
  /** Told of each request to GitHub: one that starts a run makes the job work. */
  seen(request: Pick<ServiceRequest, 'method' | 'path'>): void;
  /** Resolves when no run is worked on. */
  settled(): Promise<void>;
}

/** The alias under which the job puts staging (pipeline/template/ci.yml). */
const alias = 'staging';
const starts = /\/(?:rerun|rerun-failed-jobs|dispatches)$/;

/** The job of one state folder; `apiUrl` says where Netlify's stand-in listens. */
export function createDeployJob(stateDir: string, apiUrl: () => string): DeployJob {
  const builds = new Map<ApplicationState, Promise<BuiltApplication>>();
  let work = Promise.resolve();

  async function deploy(): Promise<string> {
    const { application } = openProject(stateDir).state;
    const built = builds.get(application) ?? build(application);
    builds.set(application, built);
    const target = { apiUrl: apiUrl(), token: netlifyTokens(stateDir).admin, siteId: site.id };
    return deployApplication(target, alias, await built);
  }

  return {
    deploy,
    async firstDeploys() {
      const [repository] = openStore(stateDir).state.repositories;
      const head = repository?.branches.find(({ name }) => name === 'develop')?.sha;
      if (!repository || head === undefined || repository.deployments.length > 0) return false;
      const before = createHash('sha1').update(`before ${head}`).digest('hex');
      for (const sha of [before, head]) record(stateDir, await deploy(), sha, 'success');
      return true;
    },
    seen({ method, path }) {
      if (method !== 'POST' || !starts.test(path)) return;
      // A moment later, as a runner has to be found: who asks at once sees it queued.
      work = work.then(() => sleep(300)).then(() => workOff(stateDir, deploy));
    },
    settled: () => work,
  };
}

/** Loaded when it is needed: the sandbox starts without a bundler. */
async function build(state: ApplicationState): Promise<BuiltApplication> {
  const [{ buildApplication }, { layApplication }] = await Promise.all([
    import('./buildApplication.ts'),
    import('./layApplication.ts'),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'twin-'));
  try {
    layApplication(state, folder);
    return await buildApplication(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
