import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { define } from '../cli/define.ts';
import { exitCode, UsageError } from '../cli/errors.ts';
import { bareProgram } from '../cli/bareProgram.ts';
import { projectRoot } from '../settings/stack/projectRoot.ts';
import { drift } from './drift.ts';
import { preview } from './preview.ts';
import { scan } from './scan.ts';

const benchmarks = [preview, scan, drift];

export const command = bareProgram(
  define('bench', 'Measures this project beside its peers, in the same run. Without a name all benchmarks run.'),
  {
    verbs: benchmarks,
    more: 'Exit codes: 0 measured, 1 an error, 2 a target was missed.',
    withoutVerb: (args) => {
      if (args.length > 0) throw new UsageError('Options are of one benchmark: name it.');
      // Each in a process of its own: a command ends its process, and none shall find another's memory warm.
      const codes = benchmarks.map((each) => {
        const call = [join(projectRoot(), 'launch', 'command.mjs'), 'bench/run.ts', each.name()];
        return spawnSync(process.execPath, call, { stdio: 'inherit' }).status ?? exitCode.error;
      });
      return codes.includes(exitCode.error) ? exitCode.error : Math.max(...codes);
    },
  },
);
