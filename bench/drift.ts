import { loadavg } from 'node:os';
import { runCommand, UsageError, exitCode } from '../operations/cli.ts';
import { progressReport } from '../toolchain/report.ts';
import { measure } from './preview/run.ts';
import { startStage } from './preview/stage.ts';
import { asData, describe, type SizeResult } from './preview/table.ts';
import { terraformCli } from './preview/terraformCli.ts';

const help = `
Times \`npm run drift\` beside \`terraform plan\` and \`pulumi preview --refresh\` of the same resources on the same
stand-ins, in the same run. Nothing has drifted: each only looks.

Usage: npm run bench -- drift [options]

  --sizes 10,50,200  numbers of Netlify variables (default)
  --runs 5           rounds after the warm-up, each in turn (default 5)
  --json             print the result as JSON

Every figure is a median with its minimum and maximum; a ratio is taken round by round. Requests are those to Netlify
and GitHub. What the vault costs is a row of its own. Exit codes: 0 measured, 1 an error.
`;

/** The most that a look may take, as a multiple of Terraform's time. */
const targets: Readonly<Record<number, number>> = { 10: 1, 200: 0.4 };

/** `npm run bench -- drift`. */
export async function drift(args: string[]): Promise<void> {
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
        for (const size of sizes.split(',').map((text) => wholeNumber(text, '--sizes'))) {
          const result = await measureSize(size, wholeNumber(runs, '--runs'));
          results.push(result);
          if (!json) process.stdout.write(`${describe(result, targets)}\n`);
        }
        const load = loadavg()[0] ?? 0;
        if (json) process.stdout.write(`${JSON.stringify({ load, sizes: results.map(asData) }, undefined, 2)}\n`);
        else process.stdout.write(`Load of the machine at the end: ${load.toFixed(1)}\n`);
        return exitCode.fine;
      },
    },
    args,
  );
}

async function measureSize(size: number, rounds: number): Promise<SizeResult> {
  const report = progressReport(process.stderr);
  const progress = (text: string): void => report({ kind: 'note', text: `${size} variables, ${text}` });
  const cli = await terraformCli(report);
  progress(`provisioning, beside ${cli.version}`);
  const stage = await startStage(size, cli.file, report);
  try {
    const contestants = [stage.terraform, stage.drift, stage.refresh, stage.driftWithVault];
    return { size, measured: await measure(contestants, rounds, progress), phases: new Map() };
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
