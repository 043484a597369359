import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedUrl } from '../../../sandbox/drill/pipeline.ts';
import { updateGitHub } from '../../../sandbox/standIns/github/index.ts';
import type { World } from '../every/world.ts';

const at = '2026-01-01T10:00:00Z';

/** Records a deploy's smoke test as the deploy job does, with the run that made it. */
export function recorded(world: World, id: string, sha: string, states: readonly string[]): void {
  world.repository((repository) => {
    const next = repository.deployments.length * 10 + 5000;
    repository.deployments.push({
      id: next,
      ref: 'develop',
      sha,
      task: 'deploy',
      environment: 'staging',
      description: null,
      payload: {},
      creator: 'github-actions[bot]',
      transient: false,
      production: false,
      createdAt: at,
      updatedAt: at,
      statuses: states.map((state, index) => ({
        id: next + index + 1,
        state,
        creator: 'github-actions[bot]',
        description: '',
        environment: 'staging',
        environmentUrl: recordedUrl(id),
        logUrl: '',
        createdAt: at,
      })),
    });
  });
  run(world, world.log.length + 1, sha, 'success');
}

/** A run of the deploy job that has ended, in `ci.yml` or in a workflow of its own; `job` is what the run's one job is called. */
export function run(
  world: World,
  id: number,
  sha: string,
  conclusion: string,
  { workflow = 'ci.yml', job = 'deploy-staging' } = {},
): void {
  world.repository((repository) =>
    repository.workflowRuns.push({
      id,
      workflow: `.github/workflows/${workflow}`,
      number: id,
      event: 'push',
      headBranch: 'develop',
      headSha: sha,
      createdAt: at,
      attempt: 1,
      status: 'completed',
      conclusion,
      updatedAt: at,
      jobs: [{ id: id * 10, name: job, status: 'completed', conclusion, startedAt: at, completedAt: at }],
    }),
  );
}

/** Ends the run that somebody started again, as GitHub does after a while: once a command waits for that run. */
export function endRuns(world: World, conclusion: string): NodeJS.Timeout {
  const before = world.exchanges.length;
  return setInterval(() => {
    if (!world.exchanges.slice(before).some(({ request }) => /\/actions\/runs\/\d+$/.test(request.path))) return;
    updateGitHub(world.stateDir, ({ repositories }) => {
      for (const each of repositories[0]?.workflowRuns ?? []) {
        if (each.status !== 'completed') Object.assign(each, { status: 'completed', conclusion });
      }
    });
  }, 500);
}

export const sha = (letter: string) => letter.repeat(40);

/** Gives staging a site of its own. */
export function separateSite(world: World): void {
  const file = join(world.root, 'Pulumi.staging.yaml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(
      'mode: shared-site',
      'mode: separate-site\n    productionSite: production-elsewhere',
    ),
  );
}
