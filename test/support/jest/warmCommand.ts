import { join } from 'node:path';
import { loadByNode } from '../nodeRequire.ts';

/** A command as a warm process runs it. */
interface Asked {
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input?: string;
}

/** How it ended, with all that it printed in its order. */
interface Ending {
  readonly code: number | 'hang';
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
}

/** Options whose run needs a process of its own: help ends it, and a history is read in parts that outlive a run. */
const coldOptions = ['--help', '-h', '--history'];

/** These need a process of their own: a browser, output that a child writes past its parent, Pulumi's SDK with its state. */
const cold = ['commands/previewSmoke/command.ts', 'commands/lintWorkflows/command.ts', 'commands/render/command.ts'];

/**
 * Whether a warm process may run the command: it sees its own arguments, environment, folder and output, but its end is the
 * setting of its exit code, and no signal reaches it.
 */
export function runsWarm(entry: string, args: readonly string[]): boolean {
  return entry.startsWith('commands/') && !cold.includes(entry) && !args.some((each) => coldOptions.includes(each));
}

/** Runs a command of this project in a process that has run others before: a fifth of the time of a new one. */
export async function runWarm(asked: Asked): Promise<Ending & { readonly code: number }> {
  const { runWarm: run } = loadByNode(join(process.cwd(), 'test', 'support', 'jest', 'warmCommand.cjs')) as {
    runWarm: (asked: Asked) => Promise<Ending>;
  };
  const { code, ...said } = await run(asked);
  if (code === 'hang') throw new Error(`${asked.entry} did not end:\n${said.output}`);
  return { code, ...said };
}
