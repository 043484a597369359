import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { guardOutput, writeAsItIs } from '../../machine/output.ts';
import { isSafeTransport } from '../../machine/safeTransport.ts';
import { callProblem, numberOf } from '../../cli/command.ts';
import { codeSpan } from '../../cli/codeSpan.ts';
import { createRedactor, sensitiveValues } from '../../detection/redact.ts';
import { dashboard } from './checks/dashboard.ts';
import { annotation } from './annotation.ts';
import { configFile, ConfigProblem, proofOf, readSmokeConfig } from './config.ts';
import { database } from './checks/database.ts';
import { killSwitch } from './checks/killSwitch.ts';
import { makeReport, verdict, type SmokeReport } from './report.ts';
import { rootDocument } from './checks/rootDocument.ts';
import { runChecks } from './run.ts';
import { runtimeConfig } from './checks/runtimeConfig.ts';
import { authentication } from './checks/session.ts';
import { MissingSetting, readSecrets, type Target } from './target.ts';
import { writeReports } from './writeReports.ts';

const usage = `Proves that a deployed site works as staging: what its function reads, that no script of it holds a server key,
sign-in, the dashboard in a browser, and an own row in Supabase.

  npm run preview:smoke -- --url URL [options]
  npm run preview:smoke -- --init PATH [--yes]   proposes ${configFile} from the application's sources

  --config FILE        what differs from one application to another (default ./${configFile}, else its defaults)
  --role NAME          the test user's role (default: the file's, else admin)
  --expect-env NAME    what the site must run as, where it tells that (default staging)
  --report-dir DIR     report.json, report.html, junit.xml, dashboard.png (default smoke-report)
  --evidence MODE      blanked (default): no trace, no answer's text, and a picture of the layout without any text or image;
                       full: the picture and a trace of the page as it is. For an organisation without real data ONLY
  --attempts N         tries of what may pass by itself: no answer, a reset, 429, 5xx (default 4)
  --timeout SECONDS    for one answer, and for one step in the browser (default 15)
  --json               print the report instead of lines
  --help

Environment: SUPABASE_URL, DEFAULT_ORGANIZATION_ID, SMOKE_USER_EMAIL, SMOKE_USER_PASSWORD; SUPABASE_ANON_KEY or
SUPABASE_PUBLISHABLE_KEY (with both, the site may hand out either); SUPABASE_PROJECT_REF (the project behind a domain of
your own, where the key does not name it); SMOKE_BROWSER (an executable;
default: an installed one, else Playwright's, else one from npm), SMOKE_BROWSER_ARGUMENTS (added to its command line).

Exit code: 0 every check passed, 2 a check failed (the last line names its class), 1 the test could not run.
`;

function readArguments() {
  return parseArgs({
    args: process.argv.slice(2),
    options: {
      url: { type: 'string' },
      init: { type: 'string' },
      yes: { type: 'boolean', default: false },
      config: { type: 'string' },
      role: { type: 'string' },
      'expect-env': { type: 'string', default: 'staging' },
      'report-dir': { type: 'string', default: 'smoke-report' },
      evidence: { type: 'string', default: 'blanked' },
      attempts: { type: 'string', default: '4' },
      timeout: { type: 'string', default: '15' },
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

/** The address to test. A password is typed into it: only the machine's own may do without TLS. */
function siteAddress(given: string | undefined): string {
  if (!given || !URL.canParse(given)) {
    throw new MissingSetting('--url is missing or no http(s) address: give the address of the deploy');
  }
  const { username, password } = new URL(given);
  if (!isSafeTransport(given)) {
    throw new MissingSetting('--url must be an https address: a password is typed there');
  }
  if (username !== '' || password !== '') throw new MissingSetting('--url must carry no user and no password');
  return given.replace(/\/+$/, '');
}

/** Two settings; what is missing of both is named at once. */
function bothOf<First, Second>(first: () => First, second: () => Second): [First, Second] {
  const missing: string[] = [];
  const of = <Value>(read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MissingSetting)) throw error;
      missing.push(error.message);
      return undefined;
    }
  };
  const both = [of(first), of(second)] as const;
  if (both[0] === undefined || both[1] === undefined) throw new MissingSetting(missing.join('\n'));
  return [both[0], both[1]];
}

/** npm runs commands in the project's folder: a relative path is the caller's. */
function fromCaller(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

function makeTarget(values: ReturnType<typeof readArguments>, redact: (text: string) => string): Target {
  const { evidence } = values;
  if (evidence !== 'blanked' && evidence !== 'full') throw new MissingSetting('--evidence is blanked or full');
  const config = readSmokeConfig(fromCaller(values.config ?? configFile));
  const role = values.role ?? config.role;
  proofOf(config, role);
  const [url, secrets] = bothOf(
    () => siteAddress(values.url),
    () => readSecrets(process.env),
  );
  return {
    url,
    environment: values['expect-env'],
    ...secrets,
    config,
    role,
    evidence,
    timeoutMs: number(values.timeout, '--timeout') * 1000,
    reportFolder: resolve(values['report-dir']),
    runTag: process.env.GITHUB_RUN_ID ?? randomUUID(),
    redact,
    seen: {},
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
      `| ${check.status === 'passed' ? '✅' : '❌'} | ${cell(check.title)} | ${check.failureClass ?? ''} | ${codeSpan(check.detail)} |`,
  );
  const table = ['| | check | class | detail |', '| --- | --- | --- | --- |', ...rows].join('\n');
  appendFileSync(file, redact(`### ${verdict(report)}\n\n${report.url}\n\n${table}\n`));
}

async function main(): Promise<number> {
  guardOutput();
  const values = readArguments();
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (values.init !== undefined) {
    const { proposeConfig } = await import('./propose/command.ts'); // its parser is of no use elsewhere
    return proposeConfig(fromCaller(values.init), values.yes);
  }
  const redact = createRedactor(sensitiveValues(process.env));
  const target = makeTarget(values, redact);
  const attempts = number(values.attempts, '--attempts');
  clearFolder(target.reportFolder);
  const say = (line: string) => void (values.json ? process.stderr : process.stdout).write(`${redact(line)}\n`);
  if (target.evidence === 'full') {
    say('--evidence full: the picture and the trace hold what the page shows. Never where people’s data is real.');
  }
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
    evidence: target.evidence,
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
    const stream = values.json ? process.stderr : process.stdout; // the verdict's, which stays the last line
    for (const failed of results.filter(({ status }) => status === 'failed'))
      writeAsItIs(stream, `${redact(annotation(failed))}\n`);
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
  const known = error instanceof MissingSetting || error instanceof ConfigProblem || problem !== undefined;
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
