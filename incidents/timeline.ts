import { resolve } from 'node:path';
import { printable } from '../machine/printable.ts';
import { exitCode, UsageError } from '../cli/errors.ts';
import { actor } from '../cli/sharedProject.ts';
import { createRedactor, sensitiveValues } from '../detection/redact.ts';
import { noted, openIncidents, saveIncident, type Deed } from './record.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** Where incidents are kept when no `--dir` says it. */
const incidentsFolder = process.env.INCIDENTS_DIR ?? 'incidents';

/** The folder of the records, for a command without `--dir`. */
export function incidentsIn(root: string): string {
  return resolve(root, incidentsFolder);
}

/**
 * Adds a line, without secrets, to the timeline of every open incident. A record that cannot be read or written is
 * reported and stops nobody: what the command is for has been done.
 */
export function noteInIncidents(root: string, by: string, text: string, did?: Deed): void {
  const folder = incidentsIn(root);
  const line = printable(createRedactor(sensitiveValues(process.env))(text));
  try {
    for (const incident of openIncidents(folder)) saveIncident(folder, noted(incident, by, line, did));
  } catch (error) {
    process.stderr.write(
      `The incident’s timeline could not be kept (${messageOf(error)}). Add it: ${forStack('npm run incident -- update')}\n`,
    );
  }
}

/** The same for work that either does it all or throws. */
export async function attemptInTimeline<Result>(
  root: string,
  what: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const by = actor(undefined);
  try {
    const result = await work();
    noteInIncidents(root, by, what);
    return result;
  } catch (error) {
    noteInIncidents(root, by, `${what}: FAILED. ${messageOf(error)}`);
    throw error;
  }
}

/**
 * Runs a command's work and notes in every open incident how it ended: also that it failed. Not what nobody agreed to,
 * and not a call that was wrong. `did` says what an exit code stands for.
 */
export async function inTimeline(
  root: string,
  by: string,
  what: string,
  work: () => Promise<number>,
  did: (code: number) => Deed | undefined,
): Promise<number> {
  try {
    const code = await work();
    if (code === exitCode.fine) noteInIncidents(root, by, what, did(code));
    if (code === exitCode.findings)
      noteInIncidents(root, by, `${what}: not all of it was done, or not proved`, did(code));
    return code;
  } catch (error) {
    if (!(error instanceof UsageError)) noteInIncidents(root, by, `${what}: FAILED. ${messageOf(error)}`);
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
