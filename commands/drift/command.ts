import { parseArgs } from 'node:util';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { readRecorded, type Recorded } from './recorded.ts';

/**
 * The longest part of a look is Pulumi reading the state in a process of its own: it begins before anything else of the
 * command is loaded. A wrong call is left to the command, which says so.
 */
function startReading(): Promise<Recorded> | undefined {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) return undefined;
  try {
    const { values } = parseArgs({ args, options: { stack: { type: 'string', default: 'staging' } }, strict: false });
    const reading = readRecorded(projectRoot(), String(values.stack));
    reading.catch(() => undefined); // heard by the one who awaits it
    return reading;
  } catch {
    return undefined;
  }
}

const reading = startReading();
void import('./run.ts').then(({ drift }) => drift(reading));
