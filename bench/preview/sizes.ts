import { loadavg } from 'node:os';
import { exitCode, runCommand, UsageError } from '../../cli/command.ts';
import { progressReport } from '../../toolchain/report.ts';
import { startStage, type Stage } from './stage.ts';
import { asData, describe, missed, type SizeResult } from './table.ts';
import { terraformCli, type TerraformCli } from './terraformCli.ts';

/** A benchmark that is repeated for several numbers of variables. */
export interface SizedBenchmark {
  readonly help: string;
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

/** Runs a benchmark for each of `--sizes`, and prints a table or JSON. */
export async function runSizes(
  { help, targets, measure, everyPlace = false }: SizedBenchmark,
  args: string[],
): Promise<void> {
  await runCommand(
    {
      help,
      options: {
        sizes: { type: 'string', default: '10,50,200' },
        runs: { type: 'string', default: '5' },
        json: { type: 'boolean', default: false },
      },
      run: async ({ sizes, runs, json }) => {
        const results: SizeResult[] = [];
        const rounds = wholeNumber(runs, '--runs');
        const wanted = sizes.split(',').map((text) => wholeNumber(text, '--sizes'));
        const cli = await terraformCli(progressReport(process.stderr));
        if (!json) process.stdout.write(`Beside ${cli.version}\n\n`);
        for (const size of wanted) {
          const result = { size, ...(await onStage(size, rounds, cli, { measure, everyPlace })) };
          results.push(result);
          if (!json) process.stdout.write(`${describe(result, targets)}\n`);
        }
        const load = loadavg()[0] ?? 0;
        const data = { peer: cli.version, load, sizes: results.map((result) => asData(result, targets)) };
        process.stdout.write(
          json ? `${JSON.stringify(data, undefined, 2)}\n` : `Load of the machine at the end: ${load.toFixed(1)}\n`,
        );
        return results.some((result) => missed(result, targets).length > 0) ? exitCode.findings : exitCode.fine;
      },
    },
    args,
  );
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

function wholeNumber(text: string, option: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`${option}: ${text} is not a whole number above 0.`);
  return number;
}
