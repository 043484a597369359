import { Option } from '@commander-js/extra-typings';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileSettings, githubOwnerOf } from '../../settings/stack/file.ts';
import { readFromNextDeploy } from '../../settings/nextDeploy.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { severityOf } from '../../alerts/severity.ts';
import { missingConsent, refuseMissing } from '../../cli/missing.ts';
import { define, ends } from '../../cli/define.ts';
import { wordMask } from '../../detection/typedWords.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { flag, number, several, stack } from '../../cli/options.ts';
import type { Program } from '../../cli/bareProgram.ts';
import { program } from '../../cli/program.ts';
import { noteInIncidents } from '../../incidents/timeline.ts';
import { localFile } from '../../localEnvironment/localFile.ts';
import { withProgress } from '../../cli/interrupt.ts';
import { actor } from '../../cli/sharedProject.ts';
import { severities, type DriftSeverity } from './kind.ts';
import { PartlyTold, tell } from './alerts.ts';
import { choose, type Choice } from './reconcile/choose.ts';
import { applyFixes } from './reconcile/applyFixes.ts';
import { memoryFile, readMemory, withRun, writeMemory, type Memory } from './history.ts';
import { overwritesProduction } from './kinds.ts';
import { look } from './look.ts';
import type { Look, LookOptions } from './observed.ts';
import type { Recorded } from '../../engine/recorded.ts';
import { movedByFix, withFirstSighting, type Moved } from './sightings.ts';
import { reportHtml } from './report/html.ts';
import { reportMarkdown } from './report/markdown.ts';
import { lookText } from './text.ts';

const about = `
Compares what is declared with what is live, in one look that writes nothing: variables, contexts, scopes and secret
flags on Netlify; Actions secrets and the effective protection on GitHub; the required check; the one organisation id
wherever it can be read; the kill switch; the references in 1Password.
`;

const more = `
It needs NETLIFY_API_TOKEN, GITHUB_TOKEN (reading is enough, but --fix writes) and access to the stack's state. With
1Password at hand it checks the references too. SUPABASE_URL with the service-role key and the access token lets it read the kill switch.

Exit codes: 0 no drift; 2 drift; 1 something could not be seen.
`;

/** The definition. `reading` is the stack's state, which is being read already. */
export function drift(reading: Promise<Recorded> | undefined): Program {
  return program(
    define('drift', about)
      .addOption(flag('--json', 'the findings as JSON'))
      .addOption(
        new Option(
          '--threshold <SEVERITY>',
          `exit 2 only for findings at least this severe: ${severities.join(', ')} (default low)`,
        )
          .argParser(thresholdOf)
          .default<DriftSeverity>('low'),
      )
      .addOption(flag('--fix', 'fix what is safe, in place, then look again; asks first'))
      .addOption(several('--only <ID>', 'fix this finding only, and what --fix alone leaves to a person'))
      .addOption(flag('--yes', 'do not ask'))
      .addOption(
        new Option(
          '--project <REF>',
          "the shared project's reference, which stands for the typed one where a fix writes to PRODUCTION",
        ),
      )
      .addOption(new Option('--report <FILE>', 'write the report as one HTML file'))
      .addOption(new Option('--markdown <FILE>', "write the findings for a pull request's comment"))
      .addOption(flag('--alert', 'one alert for each new finding, and one when it is fixed (SLACK_WEBHOOK_URL)'))
      .addOption(new Option('--site-url <URL>', 'the deployed staging site (or STAGING_URL)'))
      .addOption(
        new Option(
          '--app <PATH>',
          'a clone of the application, to check netlify.toml, the workflow, and who reads which value',
        ),
      )
      .addOption(
        new Option('--env-file <PATH>', "default: local.file in the stack's file, else the usual one that is there"),
      )
      .addOption(
        number(
          '--max-age <DAYS>',
          { unit: 'days', most: 36_500 },
          "secrets older than this are findings (default: drift.maxAgeDays in the stack's file, or 180)",
        ),
      )
      .addOption(stack)
      .action(ends((values) => compare(values, reading))),
    { more },
  );
}

function thresholdOf(given: string): DriftSeverity {
  const threshold = severities.find((name) => name === severityOf(given));
  if (threshold === undefined)
    throw new UsageError(`--threshold is one of ${severities.join(', ')}, or SEV1, SEV2, SEV3.`);
  return threshold;
}

async function compare(values: Values, reading: Promise<Recorded> | undefined): Promise<number> {
  const options = lookOptions(values);
  const fixes = values.fix || values.only.length > 0;
  await refuseMissing({ script: 'drift', args: process.argv.slice(2) }, [
    values.only.length > 0 && !values.fix && { add: '--fix', why: '--only names what to fix' },
    ...(fixes
      ? missingConsent(values, writesProduction(values.only) ? options.settings.supabase.project : undefined)
      : []),
  ]);
  const looking = lookOrTell(options, reading, values.alert);
  // What a program starts has its error stream for errors alone.
  const first = values.json && !process.stderr.isTTY ? await looking : await withProgress('comparing', looking);
  const seen = values.fix ? await fixAndLook(options, first, values) : { ...first, wroteNetlify: false };
  if (values.json) {
    const { findings, notChecked, errors } = seen;
    process.stdout.write(`${JSON.stringify({ findings, notChecked, errors }, undefined, 2)}\n`);
  } else process.stdout.write(lookText(seen));
  const told = await remember(options, seen, values);
  // The last line of all, where nobody overlooks it.
  if (seen.wroteNetlify) (values.json ? process.stderr : process.stdout).write(`${readFromNextDeploy()}\n`);
  if (seen.errors.length > 0 || !told) return exitCode.error;
  return seen.findings.some(({ severity }) => atLeast(severity, values.threshold)) ? exitCode.findings : exitCode.fine;
}

/** Whether one of these findings is of a kind whose fix writes production. */
function writesProduction(only: readonly string[]): boolean {
  return only.some((id) => [...overwritesProduction].some((kind) => id.startsWith(`${kind}:`)));
}

/** Looks; where that fails as a whole (nobody can read the state), it is told like a look that saw only a part. */
async function lookOrTell(options: LookOptions, reading: Promise<Recorded> | undefined, alert: boolean): Promise<Look> {
  try {
    const seen = await look(options, reading);
    return { ...seen, findings: withFirstSighting(seen.findings, readMemory(memoryFile(options)).moved ?? []) };
  } catch (error) {
    const file = memoryFile(options);
    const errors = [error instanceof Error ? error.message : String(error)];
    if (alert) writeMemory(file, (await tellAll(readMemory(file), { findings: [], unseen: [], errors })).memory);
    throw error;
  }
}

/** Tells what is new; `told` is false when somebody should know and does not. */
async function tellAll(memory: Memory, seen: Parameters<typeof tell>[1]): Promise<{ memory: Memory; told: boolean }> {
  try {
    return { memory: await tell(memory, seen), told: true };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return { memory: error instanceof PartlyTold ? error.memory : memory, told: false };
  }
}

/** Keeps the run for the next one, tells what is new, writes the reports. False when somebody should know and does not. */
async function remember(
  options: LookOptions,
  seen: Look,
  { alert, report, markdown }: { alert: boolean; report?: string | undefined; markdown?: string | undefined },
): Promise<boolean> {
  const { settings, now, stack } = options;
  if (!alert && report === undefined && markdown === undefined) return true;
  const file = memoryFile(options);
  const before = withRun(readMemory(file), seen.findings, seen.errors.length === 0, now);
  const { memory, told } = alert ? await tellAll(before, seen) : { memory: before, told: true };
  writeMemory(file, memory);
  if (report !== undefined) writeFileSync(report, reportHtml({ settings, seen, runs: memory.runs, now, stack }));
  if (markdown !== undefined) writeFileSync(markdown, reportMarkdown(seen));
  return told;
}

/** What is live after a fix, and whether the fix has written what staging reads from its next deploy. */
interface Fixed extends Look {
  readonly wroteNetlify: boolean;
}

/** Fixes what is chosen and checks again: only what is live then counts. */
async function fixAndLook(
  options: LookOptions,
  first: Look,
  choice: Omit<Choice, 'ref'> & { readonly json: boolean },
): Promise<Fixed> {
  if (first.errors.length > 0) {
    throw new Error(`Nothing was fixed, because something could not be seen:\n${first.errors.join('\n')}`);
  }
  for (const id of choice.only.filter((each) => !first.findings.some((finding) => finding.id === each))) {
    process.stderr.write(`${wordMask([id])(id)} is no finding now: fixed already, or misspelt.\n`);
  }
  const untouched = { ...first, wroteNetlify: false };
  if (first.findings.length === 0) return untouched;
  if (!choice.json && !choice.yes) process.stdout.write(`${lookText(first)}\n`);
  const chosen = await choose(first.findings, { ...choice, ref: options.settings.supabase.project });
  if (chosen.length === 0) return untouched;
  const { done, failed, wroteNetlify } = await applyFixes(options, first, chosen).catch((error: unknown) => {
    noteInIncidents(
      options.root,
      actor(undefined),
      `drift --fix: FAILED. ${error instanceof Error ? error.message : String(error)}`,
    );
    throw error;
  });
  const outcome = [...done, ...failed.map((line) => `NOT fixed: ${line}`)].join('; ');
  noteInIncidents(options.root, actor(undefined), `drift --fix: ${outcome}`);
  for (const line of done) process.stderr.write(`fixed      ${line}\n`);
  for (const line of failed) process.stderr.write(`not fixed  ${line}\n`);
  const after = await withProgress('looking again', look(options));
  const moved = movedByFix(first.findings, chosen, after.findings);
  keepMoved(options, moved);
  return {
    ...after,
    findings: withFirstSighting(after.findings, moved),
    errors: [...after.errors, ...failed],
    wroteNetlify,
  };
}

/** Keeps who changed first what a fix of ours has written to, and was not able to settle. */
function keepMoved(options: LookOptions, moved: readonly Moved[]): void {
  if (moved.length === 0) return;
  const file = memoryFile(options);
  const memory = readMemory(file);
  const ids = new Set(moved.map(({ id }) => id));
  writeMemory(file, { ...memory, moved: [...(memory.moved ?? []).filter(({ id }) => !ids.has(id)), ...moved] });
}

function atLeast(severity: DriftSeverity, threshold: DriftSeverity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(threshold);
}

interface Values {
  readonly json: boolean;
  readonly threshold: DriftSeverity;
  readonly fix: boolean;
  readonly only: readonly string[];
  readonly yes: boolean;
  readonly project?: string;
  readonly report?: string;
  readonly markdown?: string;
  readonly alert: boolean;
  readonly siteUrl?: string;
  readonly app?: string;
  readonly envFile?: string;
  readonly maxAge?: number;
  readonly stack: string;
}

function lookOptions(values: Values): LookOptions {
  const root = projectRoot();
  const { stack } = values;
  const settings = fileSettings(root, stack);
  const owner = githubOwnerOf(root, stack);
  const maxAgeDays = values.maxAge ?? settings.drift.maxAgeDays;
  const given = (text: string | undefined) => (text === undefined || text === '' ? undefined : text);
  return {
    root,
    stack,
    settings,
    repository: { owner, repository: settings.github.repository },
    maxAgeDays,
    siteUrl: given(values.siteUrl) ?? given(process.env.STAGING_URL),
    application: applicationAt(given(values.app)),
    localFile: values.envFile ?? localFile(root, settings.local.file),
    now: Date.now(),
  };
}

/** npm runs scripts at the root, wherever they were called. */
function applicationAt(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(process.env.INIT_CWD ?? process.cwd(), path);
}
