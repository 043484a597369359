import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { writeAsItIs } from '../../machine/output.ts';
import { isSafeTransport } from '../../machine/safeTransport.ts';
import { codeSpan } from '../../cli/codeSpan.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { choice, flag, number, timeout } from '../../cli/options.ts';
import { bareProgram } from '../../cli/bareProgram.ts';
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
import { runtimeEnvironment } from '../../settings/names/names.ts';
import { painter } from '../../machine/paint.ts';

const about = `
Proves that a deployed site works as staging: what its function reads, that no script of it holds a server key, sign-in,
the dashboard in a browser, and an own row in Supabase.
`;

const more = `
Environment: SUPABASE_URL, DEFAULT_ORGANIZATION_ID, SMOKE_USER_EMAIL, SMOKE_USER_PASSWORD; SUPABASE_ANON_KEY or
SUPABASE_PUBLISHABLE_KEY (with both, the site may hand out either); SUPABASE_PROJECT_REF (the project behind a domain of
your own, where the key does not name it); SMOKE_BROWSER (an executable;
default: an installed one, else Playwright's, else one from npm), SMOKE_BROWSER_ARGUMENTS (added to its command line).

Exit codes: 0 every check passed, 2 a check failed (the last line names its class), 1 the test could not run.
`;

/** The most seconds, and tries. */
const atMost = { most: 3600 };

export const command = bareProgram(
  define('preview:smoke', about)
    .addOption(new Option('--url <URL>', 'the address of the deploy'))
    .addOption(new Option('--init <PATH>', `propose ${configFile} from the application's sources instead`))
    .addOption(flag('--yes', 'with --init: write it without asking'))
    .addOption(
      new Option(
        '--config <FILE>',
        `what differs from one application to another (default ./${configFile}, else its defaults)`,
      ),
    )
    .addOption(new Option('--role <NAME>', "the test user's role (default: the file's, else admin)"))
    .addOption(
      new Option(
        '--expect-env <NAME>',
        `what the site must run as, where it says that (default ${runtimeEnvironment})`,
      ).default<string>(runtimeEnvironment),
    )
    .addOption(
      new Option(
        '--report-dir <DIR>',
        'report.json, report.html, junit.xml, dashboard.png (default smoke-report)',
      ).default('smoke-report'),
    )
    .addOption(
      choice(
        '--evidence <MODE>',
        ['blanked', 'full'],
        "blanked (default): no trace, no answer's text, and a picture of the layout without any text or image; full: the " +
          'picture and a trace of the page as it is. For an organisation without real data ONLY',
      ).default<Evidence>('blanked'),
    )
    .addOption(
      number(
        '--attempts <N>',
        atMost,
        'tries of what may pass by itself: no answer, a reset, 429, 5xx (default 4)',
      ).default(4),
    )
    .addOption(timeout('for one answer, and for one step in the browser (default 15)', atMost).default(15))
    .addOption(flag('--json', 'print the report instead of lines'))
    .action(ends(smoke)),
  { more, sayError: giveUp },
);

type Evidence = 'blanked' | 'full';

interface Given {
  readonly url?: string;
  readonly init?: string;
  readonly yes: boolean;
  readonly config?: string;
  readonly role?: string;
  readonly expectEnv: string;
  readonly reportDir: string;
  readonly evidence: Evidence;
  readonly attempts: number;
  readonly timeout: number;
  readonly json: boolean;
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

function makeTarget(values: Given, redact: (text: string) => string): Target {
  const config = readSmokeConfig(fromCaller(values.config ?? configFile));
  const role = values.role ?? config.role;
  proofOf(config, role);
  const [url, secrets] = bothOf(
    () => siteAddress(values.url),
    () => readSecrets(process.env),
  );
  return {
    url,
    environment: values.expectEnv,
    ...secrets,
    config,
    role,
    evidence: values.evidence,
    timeoutMs: values.timeout * 1000,
    reportFolder: resolve(values.reportDir),
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

async function smoke(values: Given): Promise<number> {
  // The browser's driver throws some of its own errors where nobody can catch them.
  process.on('uncaughtException', (error) => {
    giveUp(error);
    process.exit(exitCode.error);
  });
  if (values.init !== undefined) {
    const { proposeConfig } = await import('./propose/command.ts'); // its parser is of no use elsewhere
    return proposeConfig(fromCaller(values.init), values.yes);
  }
  const redact = createRedactor(sensitiveValues(process.env));
  const target = makeTarget(values, redact);
  clearFolder(target.reportFolder);
  const say = (line: string) => void (values.json ? process.stderr : process.stdout).write(`${redact(line)}\n`);
  if (target.evidence === 'full') {
    say('--evidence full: the picture and the trace hold what the page shows. Never where people’s data is real.');
  }
  const started = new Date();
  const checks = [runtimeConfig, rootDocument, authentication, killSwitch, database, dashboard];
  const results = await runChecks(checks, target, {
    attempts: values.attempts,
    pauseMs: 1000,
    onRetry: (check, reason) => say(`  … ${check.title}: ${reason}, once more`),
    onResult: (result) =>
      say(
        result.status === 'passed'
          ? `${painter()('green', '✓')} ${result.title}: ${result.detail}`
          : `${painter()('red', '✗')} ${result.title}: ${result.failureClass ?? ''}: ${result.detail}`,
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
  say(`Report: ${join(values.reportDir, 'report.html')}`);
  say(verdict(report));
  return report.status === 'passed' ? exitCode.fine : exitCode.findings;
}

/** Whatever goes wrong outside of a check: said without a secret, and never taken for a failed check. */
function giveUp(error: unknown): void {
  const redact = createRedactor(sensitiveValues(process.env));
  const known = error instanceof MissingSetting || error instanceof ConfigProblem || error instanceof UsageError;
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(redact(`${text}\n${known ? '' : 'The smoke test could not run.\n'}`));
  process.stderr.write('Smoke test failed: setup.\n');
}
