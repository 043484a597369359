import { loadavg } from 'node:os';
import { runCommand, UsageError, exitCode } from '../operations/cli.ts';
import { progressReport } from '../toolchain/report.ts';
import { measurePhases, type Phases } from './preview/phases.ts';
import { measure } from './preview/run.ts';
import { startStage } from './preview/stage.ts';
import { asData, describe, type SizeResult } from './preview/table.ts';
import { terraformCli } from './preview/terraformCli.ts';

const help = `
Times \`pulumi preview\` of this project beside \`terraform plan\` of the same resources, with the same providers on the
same stand-ins, and beside an empty Pulumi program. Nothing has changed in any of them, so each only looks.

Usage: npm run bench -- preview [options]

  --sizes 10,50,200  numbers of Netlify variables (default)
  --runs 5           rounds after the warm-up, each in turn: terraform, preview, preview --refresh, … (default 5)
  --json             print the result as JSON

Every figure is a median with its minimum and maximum; a ratio is taken round by round. Requests are those to Netlify
and GitHub. The previews have no vault access, but for the one that shows what the vault costs.
Exit codes: 0 measured, 1 an error.
`;

/** `npm run bench -- preview`. */
export async function preview(args: string[]): Promise<void> {
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
        for (const size of sizes.split(',').map((text) => wholeNumber(text, '--sizes'))) {
          const result = await measureSize(size, rounds);
          results.push(result);
          if (!json) process.stdout.write(`${describe(result)}\n`);
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
    const { terraform, preview: plain, refresh, floor, vault } = stage;
    const measured = await measure([terraform, plain, refresh, floor, vault], rounds, progress);
    const phases = new Map<string, Phases>();
    for (const contestant of [plain, refresh]) {
      progress(`phases: ${contestant.name}`);
      phases.set(contestant.name, await measurePhases(contestant, rounds, stage.log));
    }
    return { size, measured, phases };
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
