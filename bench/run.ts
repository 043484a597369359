import { exitCode } from '../operations/cli.ts';
import { drift } from './drift.ts';
import { preview } from './preview.ts';
import { scan } from './scan.ts';

/** Every benchmark by name; without a name all of them run. */
const benchmarks: Readonly<Record<string, (args: string[]) => Promise<void>>> = { preview, scan, drift };

const help = `
Measures this project beside its peers, in the same run.

Usage: npm run bench [-- NAME [options]]

Names: ${Object.keys(benchmarks).join(', ')}. Without a name all of them run. NAME --help shows its options.
Exit codes: 0 measured, 1 an error.
`;

async function main([name, ...args]: string[]): Promise<void> {
  if (name === undefined) {
    for (const benchmark of Object.values(benchmarks)) await benchmark([]);
  } else if (name === '--help' || name === '-h') {
    process.stdout.write(`${help.trim()}\n`);
  } else {
    const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
    if (benchmark) {
      await benchmark(args);
      return;
    }
    process.stderr.write(`No benchmark ${name}. Names: ${Object.keys(benchmarks).join(', ')}.\n`);
    process.exitCode = exitCode.error;
  }
}

void main(process.argv.slice(2));
