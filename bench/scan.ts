import { Option } from '@commander-js/extra-typings';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { define, ends } from '../cli/define.ts';
import { exitCode, UsageError } from '../cli/errors.ts';
import { count } from '../cli/numbers.ts';
import { number, numbers, several } from '../cli/options.ts';
import { Random } from '../test/detection/corpus/random.ts';
import { progressReport } from '../toolchain/report.ts';
import type { Report } from '../toolchain/toolchain.ts';
import { ratios, summary, type Summary } from './preview/statistics.ts';
import { parseLabels } from './scan/labels.ts';
import { measurePacks } from './scan/packs.ts';
import { recall, writeCorpus } from './scan/recall.ts';
import { measureRepository } from './scan/repository.ts';
import { measureHook } from './scan/staged.ts';
import { gitleaks, ownScan, secretlint, type Tool } from './scan/tools.ts';
import { writeTree } from './scan/tree.ts';

const parts = ['recall', 'speed', 'hook', 'packs'] as const;
type Part = (typeof parts)[number];

const about = `
What the scan finds and what it costs, beside gitleaks and secretlint's own command line, in the same run.

Every tool is a whole command, cold. Figures are medians with minimum and maximum; ratios are taken round by round.
Exit codes: 0 measured, 1 an error.
`;

const print = (line = ''): void => void process.stdout.write(`${line}\n`);
const figure = ({ median, min, max }: Summary, digits = 2): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;

function partOf(text: string): Part {
  const part = parts.find((each) => each === text);
  if (part === undefined) throw new UsageError(`--only takes ${parts.join(', ')}, not ${text}.`);
  return part;
}

function printRecall(tools: readonly Tool[], folder: string, seed: number): void {
  writeCorpus(folder, new Random(seed));
  print('\n| tool | secrets found | kinds found in every kind of file | false alarms |');
  print('| --- | --- | --- | --- |');
  const results = tools.map((tool) => recall(tool, folder));
  for (const { tool, found, of, wholeKinds, missedKinds, falseAlarms } of results) {
    const kinds = wholeKinds + missedKinds.length;
    print(
      `| ${tool} | ${found} of ${of} (${((100 * found) / of).toFixed(1)} %) | ${wholeKinds} of ${kinds} | ${falseAlarms.length} |`,
    );
  }
  for (const { tool, missedKinds, falseAlarms } of results) {
    if (missedKinds.length > 0) print(`\n${tool} missed: ${missedKinds.join(', ')}`);
    if (falseAlarms.length > 0) print(`\n${tool} false alarms: ${falseAlarms.join(', ')}`);
  }
}

function printSpeed(tools: readonly Tool[], folder: string, size: number, rounds: number, seed: number): void {
  writeTree(folder, size, new Random(seed));
  const seconds = tools.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    tools.forEach((tool, index) => seconds[index]?.push(tool.scan(folder).seconds));
  }
  const own = seconds[0] ?? [];
  tools.forEach(({ name }, index) => {
    const times = seconds[index] ?? [];
    const ratio = index === 0 ? '' : figure(ratios(times, own));
    print(`| ${size} | ${name} | ${figure(summary(times))} | ${ratio} |`);
  });
}

function printHook(folder: string, rounds: number): void {
  const { hook, node } = measureHook(folder, rounds);
  const above = summary(hook.map((time, round) => time - (node[round] ?? 0)));
  print(
    `\nPre-commit hook over 20 staged files: ${figure(summary(hook), 0)} ms; above Node's own start: ${figure(above, 0)} ms.`,
  );
}

async function printPacks(folder: string, rounds: number, report: Report): Promise<void> {
  const { without, both } = await measurePacks(folder, rounds, report);
  const added = summary(both.map((time, round) => time - (without[round] ?? 0)));
  print(
    `\nPreview without packs ${figure(summary(without))} s, with both ${figure(summary(both))} s; added: ${figure(added)} s.`,
  );
}

/** `npm run bench -- scan`. */
export const scan = define('scan', about)
  .addOption(numbers('--sizes <NUMBERS>', 'numbers of files of 4 KB (default: 1000,10000)').default([1000, 10_000]))
  .addOption(
    number('--rounds <N>', count, 'rounds; each runs every tool in turn over the same bytes (default: 3)').default(3),
  )
  .addOption(number('--seed <N>', count, 'repeat a corpus (default: a new one each time; printed)'))
  .addOption(
    new Option('--only <PARTS>', `of ${parts.join(', ')} (default: all of them)`)
      .argParser((given: string): readonly Part[] => given.split(',').map(partOf))
      .default<readonly Part[]>(parts),
  )
  .addOption(
    several('--repository <PATH>', 'instead of all that: precision and time on a real repository, a clean clone of it'),
  )
  .addOption(
    new Option(
      '--labels <FILE>',
      'what is a secret there and what is none, decided by a person: lines of FINGERPRINT true|false WHY; the fingerprints ' +
        'are of places (file and line), never of values, and the report prints those that have no label yet',
    ),
  )
  .action(ends(measure));

interface Given {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly seed?: number;
  readonly only: readonly Part[];
  readonly repository: readonly string[];
  readonly labels?: string;
}

async function measure({
  sizes: counts,
  rounds,
  only,
  repository,
  labels: labelsFile,
  ...given
}: Given): Promise<number> {
  const seed = given.seed ?? Date.now() % 2 ** 32;
  const wanted = new Set(only);
  const report = progressReport(process.stderr);
  const scanners = async (): Promise<Tool[]> => [ownScan(), await gitleaks(report), await secretlint(report)];
  const from = process.env.INIT_CWD ?? process.cwd(); // npm runs scripts at the root, wherever they were called
  const labels = parseLabels(labelsFile === undefined ? '' : readFileSync(resolve(from, labelsFile), 'utf8'));
  if (labelsFile !== undefined && repository.length === 0) throw new UsageError('--labels goes with --repository.');
  if (repository.length > 0) {
    const all = await scanners();
    for (const path of repository) print(measureRepository(all, resolve(from, path), labels, rounds));
    print(`\nLoad of the machine at the end: ${(loadavg()[0] ?? 0).toFixed(1)}`);
    return exitCode.fine;
  }
  const tools = wanted.has('recall') || wanted.has('speed') ? await scanners() : [];
  const folder = mkdtempSync(join(tmpdir(), 'bench-scan-'));
  const inside = (name: string): string => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  try {
    print(`Corpus of seed ${seed} (--seed ${seed} repeats it).`);
    if (wanted.has('recall')) printRecall(tools, inside('corpus'), seed);
    if (wanted.has('speed')) {
      print('\n| files of 4 KB | tool | seconds | times as long as npm run scan |');
      print('| --- | --- | --- | --- |');
      for (const size of counts) printSpeed(tools, inside(`tree-${size}`), size, rounds, seed);
    }
    if (wanted.has('hook')) printHook(inside('staged'), Math.max(rounds, 5));
    if (wanted.has('packs')) await printPacks(inside('packs'), Math.max(rounds, 5), report);
    print(`Load of the machine at the end: ${(loadavg()[0] ?? 0).toFixed(1)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return exitCode.fine;
}
