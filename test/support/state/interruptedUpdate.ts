import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../../sandbox/server/faults.ts';
import { killAll, processTree } from '../killTree.ts';
import type { Ended, Project } from '../project.ts';

/** An update that hangs in a request. */
export interface Interrupted {
  readonly update: Promise<Ended>;
  /** The engine first, then everything that it started. */
  readonly processes: readonly number[];
}

/** Starts an update that meets faults, and yields its processes as soon as `enough` of its requests have met one. */
export async function interruptedUpdate(
  project: Project,
  faults: readonly Fault[],
  enough: number = faults.length,
): Promise<Interrupted> {
  project.sandbox.faults.set(faults);
  let pid = 0;
  const update = project.pulumi(['up', '--yes', '--skip-preview'], { started: (child) => (pid = child.pid ?? 0) });
  const met = () => project.sandbox.faults.list().reduce((sum, { done }) => sum + done, 0) >= enough;
  const ended = update.then(() => true);
  while (!met() && !(await Promise.race([ended, sleep(20, false)])));
  if (!met()) throw new Error(`the update ended too early:\n${(await update).output}`);
  return { update, processes: processTree(pid) };
}

/** Starts an update and kills it, with everything that it started, at its requests. */
export async function killUpdate(project: Project, faults: readonly Fault[], enough?: number): Promise<void> {
  const { update, processes } = await interruptedUpdate(project, faults, enough);
  // The service acts before it hangs: let the stand-in finish its own step.
  await sleep(50);
  killAll(processes);
  await update;
  project.sandbox.faults.set([]);
}
