import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { callProblem, numberOf } from './cli.ts';
import { createRedactor, sensitiveValues } from './redact.ts';
import { dashboard } from './smoke/dashboard.ts';
import { annotation } from './smoke/annotation.ts';
import { authentication, database, killSwitch } from './smoke/database.ts';
import { makeReport, verdict, type SmokeReport } from './smoke/report.ts';
import { rootDocument } from './smoke/rootDocument.ts';
import { runChecks } from './smoke/run.ts';
import { runtimeConfig } from './smoke/runtimeConfig.ts';
import { MissingSetting, readSecrets, type Target } from './smoke/target.ts';
import { writeReports } from './smoke/writeReports.ts';

const usage = `Proves that a deployed site works as staging: what its function reads, what its bundle holds, sign-in,
the dashboard in a browser, and a write to Supabase.

  npm run preview:smoke -- --url URL [options]

  --expect-env NAME    what the site must run as (default staging)
  --report-dir DIR     report.json, report.html, junit.xml, dashboard.png, trace.zip (default smoke-report)
  --attempts N         tries of what may pass by itself: no answer, a reset, 429, 5xx (default 4)
  --timeout SECONDS    for one answer, and for one step in the browser (default 15)
  --sign-in-path, --email-field, --password-field, --submit-button, --dashboard, --data
                       where the page's sign-in and dashboard are; the last five are CSS selectors
  --json               print the report instead of lines
  --help

Environment: DEFAULT_ORGANIZATION_ID, SUPABASE_ANON_KEY, SMOKE_USER_EMAIL, SMOKE_USER_PASSWORD; SUPABASE_URL (default:
the shared project); SMOKE_BROWSER (an executable; default: an installed one, else Playwright's, else one from npm).

Exit code: 0 every check passed, 2 a check failed (the last line names its class), 1 the test could not run.
`;

function readArguments() {
  return parseArgs({
    options: {
      url: { type: 'string' },
      'expect-env': { type: 'string', default: 'staging' },
      'report-dir': { type: 'string', default: 'smoke-report' },
      attempts: { type: 'string', default: '4' },
      timeout: { type: 'string', default: '15' },
      'sign-in-path': { type: 'string', default: '/' },
      'email-field': { type: 'string', default: 'input[type=email]' },
      'password-field': { type: 'string', default: 'input[type=password]' },
      'submit-button': { type: 'string', default: 'button[type=submit]' },
      dashboard: { type: 'string', default: '[data-testid=dashboard]' },
      data: { type: 'string', default: '[data-testid=dashboard-item]' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;
}

function number(text: string, name: string): number {
  try {
    return numberOf(name, text, { most: 3600 });
  } catch (error) {
    throw new MissingSetting(error instanceof Error ? error.message : String(error));
  }
}

function makeTarget(values: ReturnType<typeof readArguments>, redact: (text: string) => string): Target {
  if (!values.url || !URL.canParse(values.url) || !/^https?:/.test(values.url)) {
    throw new MissingSetting('--url is missing or no http(s) address: give the address of the deploy');
  }
  return {
    url: values.url.replace(/\/+$/, ''),
    environment: values['expect-env'],
    ...readSecrets(process.env),
    selectors: {
      signInPath: values['sign-in-path'],
      email: values['email-field'],
      password: values['password-field'],
      submit: values['submit-button'],
      dashboard: values.dashboard,
      data: values.data,
    },
    timeoutMs: number(values.timeout, '--timeout') * 1000,
    reportFolder: resolve(values['report-dir']),
    runTag: process.env.GITHUB_RUN_ID ?? randomUUID(),
    redact,
  };
}

/** What an earlier run left must not be taken for this one's. */
const artefacts = ['report.json', 'report.html', 'junit.xml', 'dashboard.png', 'trace.zip'];

function clearFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of artefacts) rmSync(join(folder, name), { force: true });
}

/** The table on the run's page on GitHub. */
function writeSummary(report: SmokeReport, redact: (text: string) => string): void {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file === undefined) return;
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const rows = report.checks.map(
    (check) =>
      `| ${check.status === 'passed' ? '✅' : '❌'} | ${cell(check.title)} | ${check.failureClass ?? ''} | ${cell(check.detail)} |`,
  );
  const table = ['| | check | class | detail |', '| --- | --- | --- | --- |', ...rows].join('\n');
  appendFileSync(file, redact(`### ${verdict(report)}\n\n${report.url}\n\n${table}\n`));
}

async function main(): Promise<number> {
  const values = readArguments();
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const redact = createRedactor(sensitiveValues(process.env));
  const target = makeTarget(values, redact);
  const attempts = number(values.attempts, '--attempts');
  clearFolder(target.reportFolder);
  const say = (line: string) => void (values.json ? process.stderr : process.stdout).write(`${redact(line)}\n`);
  const started = new Date();
  const checks = [runtimeConfig, rootDocument, authentication, killSwitch, database, dashboard];
  const results = await runChecks(checks, target, {
    attempts,
    pauseMs: 1000,
    onRetry: (check, reason) => say(`  … ${check.title}: ${reason}, once more`),
    onResult: (result) =>
      say(
        result.status === 'passed'
          ? `${styleText('green', '✓')} ${result.title}: ${result.detail}`
          : `${styleText('red', '✗')} ${result.title}: ${result.failureClass ?? ''}: ${result.detail}`,
      ),
  });
  const head = {
    url: target.url,
    environment: target.environment,
    started: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    artefacts: [
      ...artefacts.slice(0, 3),
      ...artefacts.slice(3).filter((name) => existsSync(join(target.reportFolder, name))),
    ],
  };
  const report = makeReport(head, results);
  writeReports(target.reportFolder, report, redact);
  writeSummary(report, redact);
  if (process.env.GITHUB_ACTIONS === 'true') {
    for (const failed of results.filter(({ status }) => status === 'failed')) say(annotation(failed)); // by the same stream as the verdict, which stays the last line
  }
  if (values.json) process.stdout.write(`${redact(JSON.stringify(report, undefined, 2))}\n`);
  say(`Report: ${join(values['report-dir'], 'report.html')}`);
  say(verdict(report));
  return report.status === 'passed' ? 0 : 2;
}

/** Whatever goes wrong outside of a check: said without a secret, and never taken for a failed check. */
function giveUp(error: unknown): void {
  const redact = createRedactor(sensitiveValues(process.env));
  const problem = callProblem(error);
  const known = error instanceof MissingSetting || problem !== undefined;
  const text = problem ?? (error instanceof Error ? error.message : String(error));
  process.stderr.write(redact(`${text}\n${known ? '' : 'The smoke test could not run.\n'}`));
  process.stderr.write('Smoke test failed: setup.\n');
  process.exitCode = 1;
}

// The browser's driver throws some of its own errors where nobody can catch them.
process.on('uncaughtException', (error) => {
  giveUp(error);
  process.exit();
});

main().then((code) => {
  process.exitCode = code;
}, giveUp);
