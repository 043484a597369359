import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { exitCode } from '../cli/command.ts';
import { projectRoot } from '../settings/stack/projectRoot.ts';
import { drift } from './drift.ts';
import { preview } from './preview.ts';
import { scan } from './scan.ts';

/** Every benchmark by name; without a name all of them run. */
const benchmarks: Readonly<Record<string, (args: string[]) => Promise<void>>> = { preview, scan, drift };

const help = `
Measures this project beside its peers, in the same run.

Usage: npm run bench [-- NAME [options]]

Names: ${Object.keys(benchmarks).join(', ')}. Without a name all of them run. NAME --help shows its options.
Exit codes: 0 measured, 1 an error, 2 a target was missed.
`;

async function main([name, ...args]: string[]): Promise<void> {
  if (name === undefined) {
    // Each in a process of its own: a command ends its process, and none shall find another's memory warm.
    const codes = Object.keys(benchmarks).map((each) => {
      const call = [join(projectRoot(), 'launch', 'command.mjs'), 'bench/run.ts', each];
      return spawnSync(process.execPath, call, { stdio: 'inherit' }).status ?? exitCode.error;
    });
    process.exitCode = codes.includes(exitCode.error) ? exitCode.error : Math.max(...codes);
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
