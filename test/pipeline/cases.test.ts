import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SmokeReport } from '../../commands/previewSmoke/report.ts';
import type { ApplicationState } from '../../sandbox/application/layApplication.ts';
import { recordedUrl } from '../../sandbox/drill/pipeline.ts';
import { caseOf, cases, type CaseName } from '../../sandbox/actionsRunner/cases.ts';
import { runCommand } from '../support/command.ts';

/** What a team would see of one run. */
interface Seen {
  readonly case: string;
  readonly check: string;
  readonly artefacts: Readonly<Record<string, string>>;
  readonly alerts: readonly string[];
  readonly productionUntouched: boolean;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly conclusion: string;
        readonly outputs: Readonly<Record<string, string>>;
        readonly environmentUrl: string;
        readonly printedSecrets: readonly string[];
        readonly secretsInArguments: readonly string[];
        readonly steps: readonly { readonly name: string; readonly conclusion: string; readonly log: string }[];
      }
    >
  >;
}

/** This project's own job: the application's newest state, where it has a workflow of its own. */
const ownCases = Object.keys(cases.newest).map((name) => name as CaseName);

/** The team's job, with the one beside it that reports the check: the playbook's state. */
const teamCases: readonly CaseName[] = ['green', 'pull-request', 'build-fails'];

/** Runs cases of a state with the real command line of Netlify; yields what each leaves. */
async function runAll(state: ApplicationState, names: readonly CaseName[]): Promise<Map<string, Seen>> {
  const ended = await runCommand(
    'sandbox/command.ts',
    ['pipeline', '--application', state, '--json', ...names.flatMap((name) => ['--case', name])],
    { STAGING_SANDBOX_DIR: mkdtempSync(join(tmpdir(), 'pipeline-')) },
  );
  const lines = ended.stdout.split('\n').filter((line) => line !== '');
  const seen = lines.map((line) => JSON.parse(line) as Seen);
  if (seen.length < names.length) throw new Error(ended.stderr);
  return new Map(seen.map((one) => [one.case, one]));
}

let runs = new Map<string, Seen>();
let teamRuns = new Map<string, Seen>();

beforeAll(async () => {
  runs = await runAll('newest', ownCases);
  teamRuns = await runAll('playbook', teamCases);
}, 1_800_000);

/** What a case left, its smoke test's report, and the log of a step of the deploy job. */
function run(
  name: CaseName,
): Seen & { readonly report: SmokeReport | undefined; readonly log: (step: string) => string } {
  const seen = runs.get(name);
  if (!seen) throw new Error(`${name} was not run`);
  const smoke = seen.artefacts['staging-smoke'];
  const report =
    smoke === undefined ? undefined : (JSON.parse(readFileSync(join(smoke, 'report.json'), 'utf8')) as SmokeReport);
  const log = (step: string) => seen.jobs['deploy-staging']?.steps.find((one) => one.name === step)?.log ?? '';
  return { ...seen, report, log };
}

const stable = 'https://staging--allincompassing.netlify.app';
const smokeAlert = ['🟠 [SEV2] Staging smoke test failed'];
const deployAlert = ['🟠 [SEV2] Staging deploy failed'];

describe.each(ownCases)('%s', (name) => {
  it('ends the required check as it must, and leaves production untouched', () => {
    const { check, productionUntouched } = run(name);
    expect({ check, productionUntouched }).toEqual({
      check: caseOf('newest', name)?.check,
      productionUntouched: true,
    });
  });

  it('shows no secret: not in a log, and not in the arguments of a process', () => {
    for (const job of Object.values(run(name).jobs)) {
      // The project's address is public; a job has it as a secret only so that all values come from one place.
      expect(job.printedSecrets.filter((secret) => secret !== 'SUPABASE_URL')).toEqual([]);
      expect(job.secretsInArguments).toEqual([]);
    }
  });
});

describe('a green run', () => {
  it("deploys a push to staging's address, proves it, and keeps the evidence", () => {
    const { check, jobs, report, alerts, artefacts } = run('green');
    expect({ check, alerts }).toEqual({ check: 'success', alerts: [] });
    const { outputs, environmentUrl = '' } = jobs['deploy-staging'] ?? {};
    // GitHub keeps the deploy's own address, by which deploy:rollback knows it; the alias moves on.
    const own = recordedUrl(/^https:\/\/([0-9a-f]{24})--/.exec(environmentUrl)?.[1] ?? 'no deploy');
    expect(environmentUrl).toBe(own);
    expect(outputs).toEqual({ deploy_url: own, staging_url: stable });
    expect(report).toMatchObject({ status: 'passed', environment: 'staging', url: stable });
    const kept = (name: string) => existsSync(join(artefacts['staging-smoke'] ?? '', name));
    expect(['report.html', 'junit.xml', 'dashboard.png'].filter(kept)).toHaveLength(3);
    expect(kept('trace.zip')).toBe(false); // it would hold what a patient's page says
  });

  it.each<CaseName>(['pull-request', 'merge-group'])(
    "gives a %s a draft of its own, never staging's address",
    (name) => {
      const { check, jobs, report } = run(name);
      expect(check).toBe('success');
      const { deploy_url: address = '', staging_url: staging } = jobs['deploy-staging']?.outputs ?? {};
      expect(address).toMatch(/^https:\/\/[0-9a-f]{24}--allincompassing\.netlify\.app$/);
      expect(staging).toBe('');
      expect(report).toMatchObject({ status: 'passed', url: address });
    },
  );
});

describe('a run that must fail', () => {
  it('names every missing secret in the first step, and where to set it', () => {
    const { check, alerts, log, report } = run('missing-secret');
    expect({ check, alerts, report }).toEqual({ check: 'failure', alerts: deployAlert, report: undefined });
    const lines = log('Check what the deploy needs').trim().split('\n');
    expect(lines.map((line) => /::(\w+) is not set\. Set it under Settings/.exec(line)?.[1])).toEqual([
      'NETLIFY_AUTH_TOKEN',
      'NETLIFY_STAGING_SITE_ID',
    ]);
  });

  it.each<CaseName>(['build-fails', 'merge-group-build-fails'])('deploys nothing: %s', (name) => {
    const { check, jobs, alerts } = run(name);
    expect(check).toBe('failure');
    const steps = jobs['deploy-staging']?.steps.map((step) => [step.name, step.conclusion]);
    expect(steps).toEqual(
      expect.arrayContaining([
        ['Build', 'failure'],
        ['Deploy', 'skipped'],
      ]),
    );
    expect(alerts).toEqual(name === 'build-fails' ? deployAlert : []);
  });

  it('alerts when Netlify refuses the deploy, and tests nothing', () => {
    const { check, alerts, report } = run('deploy-fails');
    expect({ check, alerts, report }).toEqual({ check: 'failure', alerts: deployAlert, report: undefined });
  });

  it.each<CaseName>(['wrong-organization'])(
    '%s: the report and the last line name the class, the channel is alerted',
    (name) => {
      const { check, alerts, report, log } = run(name);
      expect({ check, alerts }).toEqual({ check: 'failure', alerts: smokeAlert });
      expect(report?.failureClasses).toEqual([name]);
      expect(log('Smoke').trim().split('\n').at(-1)).toMatch(`Smoke test failed: ${name}`);
    },
  );

  it('says so when Supabase is down', () => {
    const { check, alerts, report } = run('supabase-down');
    expect({ check, alerts }).toEqual({ check: 'failure', alerts: smokeAlert });
    expect(report?.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'runtime-config passed',
      'root-document passed',
      'authentication failed',
      'kill-switch failed',
      'database failed',
      'dashboard failed',
    ]);
  });

  it('keeps the first reason when Slack is down too: the alert is a warning', () => {
    const { check, alerts, jobs, log } = run('slack-down');
    expect({ check, alerts }).toEqual({ check: 'failure', alerts: [] });
    const failed = jobs['deploy-staging']?.steps.filter(({ conclusion }) => conclusion === 'failure');
    expect(failed?.map(({ name }) => name)).toEqual(['Smoke']);
    expect(log('Alert on staging failure')).toContain('::warning title=Alert::');
  });

  it.each<CaseName>(['fork', 'dependabot'])('tells a maintainer what to do with a pull request of a %s', (name) => {
    const { check, log, alerts } = run(name);
    expect({ check, alerts }).toEqual({ check: 'failure', alerts: [] });
    expect(log('Check what the deploy needs')).toContain('push its commits to a branch of this repository');
  });
});

describe("a team's deploy job, with the check beside it", () => {
  const seen = (name: CaseName) => {
    const found = teamRuns.get(name);
    if (!found) throw new Error(`${name} was not run`);
    return found;
  };
  const conclusions = (name: CaseName) =>
    Object.fromEntries(Object.entries(seen(name).jobs).map(([job, { conclusion }]) => [job, conclusion]));

  it("deploys a push to develop in the team's way, and reports it", () => {
    expect(seen('green')).toMatchObject({ check: 'success', alerts: [], productionUntouched: true });
    expect(conclusions('green')).toMatchObject({ 'deploy-staging': 'success', 'deploy-staging-check': 'success' });
  });

  it('passes a pull request that was built, without a deploy', () => {
    expect(conclusions('pull-request')).toMatchObject({
      build: 'success',
      'deploy-staging': 'skipped',
      'deploy-staging-check': 'success',
    });
  });

  it('fails where the deploy was skipped with the build that it waits for', () => {
    expect(conclusions('build-fails')).toMatchObject({
      build: 'failure',
      'deploy-staging': 'skipped',
      'deploy-staging-check': 'failure',
    });
    const { alerts } = seen('build-fails');
    expect(alerts.length).toBeGreaterThan(0);
    expect(alerts.filter((alert) => !alert.startsWith('CI: '))).toEqual([]); // the team's own; the check beside it is silent
  });
});
