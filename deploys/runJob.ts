import { setTimeout as sleep } from 'node:timers/promises';
import type { RepositoryName } from '../services/github/github.ts';
import { readRun, rerun, type WorkflowRun } from '../services/github/runs.ts';
import type { Api } from '../services/door/http.ts';
import { DeployFailed } from './build.ts';

/** Runs a workflow run again and waits for its end; one that runs already is only waited for. */
export async function rerunAndWait(
  { api, name }: { readonly api: Api; readonly name: RepositoryName },
  run: WorkflowRun,
  options: { readonly onlyFailed: boolean; readonly timeoutMs: number; readonly report: (line: string) => void },
): Promise<WorkflowRun> {
  if (run.status === 'completed') await rerun(api, name, run.id, options.onlyFailed);
  options.report(`GitHub runs the deploy job again: ${run.url}`);
  const wanted = run.status === 'completed' ? run.attempt + 1 : run.attempt;
  const deadline = Date.now() + options.timeoutMs;
  let last = '';
  for (;;) {
    const now = await readRun(api, name, run.id);
    if (now.status !== last) options.report(`  attempt ${now.attempt}: ${now.status}`);
    last = now.status;
    if (now.attempt >= wanted && now.status === 'completed') {
      if (now.conclusion === 'success') return now;
      throw new DeployFailed(`The deploy job ended with ${now.conclusion ?? 'no conclusion'}: ${now.url}`);
    }
    if (Date.now() >= deadline) {
      throw new DeployFailed(
        `The deploy job is still ${now.status} after ${Math.round(options.timeoutMs / 1000)} s: ${now.url}`,
      );
    }
    await sleep(Math.min(5000, Math.max(200, options.timeoutMs / 30)));
  }
}
