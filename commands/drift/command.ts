import { parseArgs } from 'node:util';
import type { Program } from '../../cli/bareProgram.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { readRecorded, type Recorded } from '../../engine/recorded.ts';
import { defaultStack } from '../../settings/stack/stackFile.ts';

/**
 * The longest part of a look is Pulumi reading the state in a process of its own: it begins before anything else of the
 * command is loaded. A wrong call is left to the command, which says so.
 */
function startReading(): Promise<Recorded> | undefined {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) return undefined;
  try {
    const { values } = parseArgs({
      args,
      options: { stack: { type: 'string', default: defaultStack } },
      strict: false,
    });
    const reading = readRecorded(projectRoot(), String(values.stack));
    reading.catch(() => undefined); // heard by the one who awaits it
    return reading;
  } catch {
    return undefined;
  }
}

/** Here nothing of the library is loaded: that waits until the state is being read. */
export const command: Program = {
  async run() {
    const reading = startReading();
    const { drift } = await import('./run.ts');
    await drift(reading).run();
  },
  describe: async () => (await import('./run.ts')).drift(undefined).describe(),
};
