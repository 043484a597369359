import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkOut, type Application } from './application.ts';
import { runJob, type Conclusion, type JobResult, type StepResult } from './job.ts';
import { readWorkflow, type Workflow } from './read.ts';
import type { World } from './world.ts';

/** What made GitHub start the workflow. */
export type Trigger = 'push' | 'pull_request' | 'merge_group' | 'fork' | 'dependabot';

export interface RunOptions {
  readonly world: World;
  readonly application: Application;
  readonly trigger: Trigger;
  readonly dir: string;
  /** Secrets that the repository does not have. */
  readonly without?: readonly string[];
  readonly onStep: (job: string, step: StepResult) => void;
}

export interface RunResult {
  readonly jobs: Readonly<Record<string, JobResult>>;
  /** The required check's conclusion, as the branch protection sees it. */
  readonly check: Conclusion;
  /** Folder of each artefact, by name. */
  readonly artefacts: Readonly<Record<string, string>>;
}

const repository = 'allincompassing/allincompassing';

function githubContext(trigger: Trigger, commit: string) {
  const foreign = trigger === 'fork' || trigger === 'dependabot';
  const event = foreign ? 'pull_request' : trigger;
  const refs = {
    push: 'refs/heads/develop',
    pull_request: 'refs/pull/7/merge',
    merge_group: 'refs/heads/gh-readonly-queue/develop/pr-7',
  };
  const pullRequest = {
    number: 7,
    head: { repo: { full_name: trigger === 'fork' ? 'somebody/allincompassing' : repository } },
    user: { login: trigger === 'dependabot' ? 'dependabot[bot]' : 'colleague' },
  };
  return {
    event_name: event,
    event: event === 'pull_request' ? { pull_request: pullRequest } : {},
    ref: refs[event],
    ref_name: refs[event].replace(/^refs\/(?:heads|pull)\//, ''),
    workflow: 'CI',
    sha: commit,
    repository,
    server_url: 'https://github.com',
    run_id: '4711',
    run_attempt: '1',
    actor: 'colleague',
  };
}

/** The one workflow with a job that reports the required check, and that job. */
async function reporting(folder: string): Promise<{ readonly workflow: Workflow; readonly job: string }> {
  const workflows = join(folder, '.github', 'workflows');
  const found: { workflow: Workflow; job: string }[] = [];
  for (const file of readdirSync(workflows).sort()) {
    const workflow = await readWorkflow(file, readFileSync(join(workflows, file), 'utf8'));
    for (const [id, job] of Object.entries(workflow.jobs))
      if ((job.name?.toString() ?? id) === requiredCheck) found.push({ workflow, job: id });
  }
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`${found.length} jobs report ${requiredCheck}`);
  return first;
}

/** A job and all that it needs, those that are needed first. */
function withNeeded({ jobs }: Pick<Workflow, 'jobs'>, job: string): string[] {
  const needs = (jobs[job]?.needs ?? []).map(({ value }) => value);
  return [...new Set([...needs.flatMap((each) => withNeeded({ jobs }, each)), job])];
}

/** Runs the workflow that reports the required check for one event: the job that does, and all that it needs. */
export async function runWorkflow(options: RunOptions): Promise<RunResult> {
  const { world, application, trigger, dir } = options;
  const { workflow, job: checkJob } = await reporting(application.folder);
  const github = githubContext(trigger, application.commit);
  if (!(github.event_name in workflow.events)) throw new Error(`the workflow does not run on ${github.event_name}`);
  // GitHub hands no secret to what comes from outside.
  const withheld = trigger === 'fork' || trigger === 'dependabot';
  const secrets = Object.fromEntries(
    Object.entries(withheld ? {} : world.secrets).filter(([secret]) => options.without?.includes(secret) !== true),
  );
  const jobs: Record<string, JobResult> = {};
  const artefacts: Record<string, string> = {};
  for (const job of withNeeded(workflow, checkJob)) {
    const workspace = join(dir, job, 'work');
    const temp = join(dir, job, 'temp');
    const needs = (workflow.jobs[job]?.needs ?? []).map(
      ({ value }) => [value, jobs[value]?.conclusion ?? 'skipped'] as const,
    );
    jobs[job] = await runJob({
      workflow,
      job,
      contexts: { github, secrets, vars: {}, env: {}, runner: { os: 'Linux' } },
      needs: Object.fromEntries(needs),
      workspace,
      temp,
      environment: {
        ...world.environment,
        GITHUB_ACTIONS: 'true',
        CI: 'true',
        GITHUB_EVENT_NAME: github.event_name,
        GITHUB_REF: github.ref,
        GITHUB_SHA: github.sha,
        GITHUB_WORKSPACE: workspace,
        GITHUB_REF_NAME: github.ref_name,
        GITHUB_REPOSITORY: repository,
        GITHUB_SERVER_URL: github.server_url,
        GITHUB_RUN_ID: github.run_id,
      },
      actions: {
        'actions/checkout': () => checkOut(application, workspace),
        'actions/setup-node': () => undefined, // the pinned Node is on PATH
        'supabase/setup-cli': () => undefined, // no step that runs here calls it
        'actions/upload-artifact': ({ name: artefact = 'artifact', path = '' }) => {
          const source = join(workspace, path);
          const target = join(dir, 'artefacts', artefact);
          if (!existsSync(source)) return;
          rmSync(target, { recursive: true, force: true });
          cpSync(source, target, { recursive: true });
          artefacts[artefact] = target;
        },
        'actions/cache/restore': ({ path = '' }) => {
          const kept = join(dir, '..', 'actions-cache', path);
          if (existsSync(kept)) cpSync(kept, join(workspace, path), { recursive: true });
        },
        'actions/cache/save': ({ path = '' }) => {
          const source = join(workspace, path);
          if (!existsSync(source)) return;
          mkdirSync(join(dir, '..', 'actions-cache'), { recursive: true });
          cpSync(source, join(dir, '..', 'actions-cache', path), { recursive: true });
        },
      },
      onStep: (step) => options.onStep(job, step),
    });
  }
  return { jobs, check: jobs[checkJob]?.conclusion ?? 'skipped', artefacts };
}
