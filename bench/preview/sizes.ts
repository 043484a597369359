import { loadavg } from 'node:os';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { count } from '../../cli/numbers.ts';
import { json, number, numbers } from '../../cli/options.ts';
import { progressReport } from '../../toolchain/report.ts';
import { startStage, type Stage } from './stage.ts';
import { asData, describe, missed, type SizeResult } from './table.ts';
import { terraformCli, type TerraformCli } from './terraformCli.ts';

/** A benchmark that is repeated for several numbers of variables. */
export interface SizedBenchmark {
  readonly name: string;
  readonly about: string;
  /** The most that it may take, as a multiple of Terraform's time, at the sizes that have a target. */
  readonly targets: Readonly<Record<number, number>>;
  /** Whether Edge Function secrets and Actions variables are declared too; not by the peer. */
  readonly everyPlace?: boolean;
  /** Measures on a stage of one size, `rounds` times. */
  readonly measure: (
    stage: Stage,
    rounds: number,
    progress: (text: string) => void,
  ) => Promise<Omit<SizeResult, 'size'>>;
}

/** The verb of a benchmark that runs for each of `--sizes`, and prints a table or JSON. */
export function sizedBenchmark(benchmark: SizedBenchmark) {
  return define(benchmark.name, benchmark.about)
    .addOption(numbers('--sizes <NUMBERS>', 'numbers of Netlify variables (default: 10,50,200)').default([10, 50, 200]))
    .addOption(number('--runs <N>', count, 'rounds after the warm-up, each contestant in turn (default: 5)').default(5))
    .addOption(json)
    .action(ends((options) => runSizes(benchmark, options)));
}

interface Given {
  readonly sizes: readonly number[];
  readonly runs: number;
  readonly json: boolean;
}

async function runSizes(
  { targets, measure, everyPlace = false }: SizedBenchmark,
  { sizes, runs, json: asJson }: Given,
): Promise<number> {
  const results: SizeResult[] = [];
  const cli = await terraformCli(progressReport(process.stderr));
  if (!asJson) process.stdout.write(`Beside ${cli.version}\n\n`);
  for (const size of sizes) {
    const result = { size, ...(await onStage(size, runs, cli, { measure, everyPlace })) };
    results.push(result);
    if (!asJson) process.stdout.write(`${describe(result, targets)}\n`);
  }
  const load = loadavg()[0] ?? 0;
  const data = { peer: cli.version, load, sizes: results.map((result) => asData(result, targets)) };
  process.stdout.write(
    asJson ? `${JSON.stringify(data, undefined, 2)}\n` : `Load of the machine at the end: ${load.toFixed(1)}\n`,
  );
  return results.some((result) => missed(result, targets).length > 0) ? exitCode.findings : exitCode.fine;
}

async function onStage(
  size: number,
  rounds: number,
  cli: TerraformCli,
  { measure, everyPlace }: Required<Pick<SizedBenchmark, 'measure' | 'everyPlace'>>,
) {
  const report = progressReport(process.stderr);
  const progress = (text: string): void => report({ kind: 'note', text: `${size} variables, ${text}` });
  progress('provisioning');
  const stage = await startStage(size, cli.file, report, everyPlace);
  try {
    return await measure(stage, rounds, progress);
  } finally {
    await stage.close();
  }
}
