import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { SmokeReport } from '../../operations/smoke/report.ts';
import { runCommand } from '../support/command.ts';

/** What a team would see of one run. */
interface Seen {
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
        readonly steps: readonly { readonly name: string; readonly conclusion: string; readonly log: string }[];
      }
    >
  >;
}

/** Runs a case with the real command line of Netlify; production is untouched and no secret is printed, whatever the case. */
async function run(
  name: string,
): Promise<Seen & { readonly report: SmokeReport | undefined; readonly log: (step: string) => string }> {
  const dir = mkdtempSync(join(tmpdir(), 'pipeline-'));
  const ended = await runCommand('sandbox/command.ts', ['pipeline', '--case', name, '--json'], {
    STAGING_SANDBOX_DIR: dir,
  });
  if (ended.stdout === '') throw new Error(ended.stderr);
  const seen = JSON.parse(ended.stdout) as Seen;
  expect({ code: ended.code, untouched: seen.productionUntouched }).toEqual({ code: 0, untouched: true });
  // The project's address is public; a job has it as a secret only so that all values come from one place.
  const printed = Object.values(seen.jobs).flatMap((job) => job.printedSecrets);
  expect(printed.filter((secret) => secret !== 'SUPABASE_URL')).toEqual([]);
  const smoke = seen.artefacts['staging-smoke'];
  const report =
    smoke === undefined ? undefined : (JSON.parse(readFileSync(join(smoke, 'report.json'), 'utf8')) as SmokeReport);
  const log = (step: string) => seen.jobs['deploy-staging']?.steps.find((one) => one.name === step)?.log ?? '';
  return { ...seen, report, log };
}

const limit = 400_000;
const stable = 'https://staging--allincompassing.netlify.app';
const smokeAlert = ['🟡 [SEV2] Staging smoke test failed'];
const deployAlert = ['🟡 [SEV2] Staging deploy failed'];

describe('a green run', () => {
  it(
    "deploys a push to staging's address, proves it, and keeps the evidence",
    async () => {
      const { check, jobs, report, alerts, artefacts } = await run('green');
      expect({ check, alerts }).toEqual({ check: 'success', alerts: [] });
      expect(jobs['deploy-staging']?.outputs).toEqual({ deploy_url: stable, staging_url: stable });
      expect(jobs['deploy-staging']?.environmentUrl).toBe(stable);
      expect(report).toMatchObject({ status: 'passed', environment: 'staging', url: stable });
      for (const name of ['report.html', 'junit.xml', 'dashboard.png', 'trace.zip']) {
        expect(existsSync(join(artefacts['staging-smoke'] ?? '', name))).toBe(true);
      }
    },
    limit,
  );

  it.each(['pull-request', 'merge-group'])(
    "gives a %s a draft of its own, never staging's address",
    async (name) => {
      const { check, jobs, report } = await run(name);
      expect(check).toBe('success');
      const { deploy_url: address = '', staging_url: staging } = jobs['deploy-staging']?.outputs ?? {};
      expect(address).toMatch(/^https:\/\/[0-9a-f]{24}--allincompassing\.netlify\.app$/);
      expect(staging).toBe('');
      expect(report).toMatchObject({ status: 'passed', url: address });
    },
    limit,
  );
});

describe('a run that must fail', () => {
  it(
    'names every missing secret in the first step, and where to set it',
    async () => {
      const { check, alerts, log, report } = await run('missing-secret');
      expect({ check, alerts, report }).toEqual({ check: 'failure', alerts: deployAlert, report: undefined });
      const lines = log('Check what the deploy needs').trim().split('\n');
      expect(lines.map((line) => /::(\w+) is not set\. Set it under Settings/.exec(line)?.[1])).toEqual([
        'NETLIFY_AUTH_TOKEN',
        'NETLIFY_STAGING_SITE_ID',
      ]);
    },
    limit,
  );

  it.each(['build-fails', 'merge-group-build-fails'])(
    'fails and is not skipped: %s',
    async (name) => {
      const { check, jobs, log, alerts } = await run(name);
      expect({ build: jobs.build?.conclusion, check }).toEqual({ build: 'failure', check: 'failure' });
      expect(log('Check what the deploy needs')).toContain("The job 'build' ended with 'failure'");
      expect(alerts).toEqual(name === 'build-fails' ? deployAlert : []);
    },
    limit,
  );

  it(
    'alerts when Netlify refuses the deploy, and tests nothing',
    async () => {
      const { check, alerts, report } = await run('deploy-fails');
      expect({ check, alerts, report }).toEqual({ check: 'failure', alerts: deployAlert, report: undefined });
    },
    limit,
  );

  it.each([
    ['wrong-context', 'wrong-context'],
    ['wrong-organization', 'wrong-organization'],
  ])(
    '%s: the report and the last line name the class, the channel is alerted',
    async (name, failureClass) => {
      const { check, alerts, report, log } = await run(name);
      expect({ check, alerts }).toEqual({ check: 'failure', alerts: smokeAlert });
      expect(report?.failureClasses).toEqual([failureClass]);
      expect(log('Smoke').trim().split('\n').at(-1)).toMatch(`Smoke test failed: ${failureClass}`);
    },
    limit,
  );

  it(
    'says so when Supabase is down',
    async () => {
      const { check, alerts, report } = await run('supabase-down');
      expect({ check, alerts }).toEqual({ check: 'failure', alerts: smokeAlert });
      expect(report?.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
        'runtime-config passed',
        'root-document passed',
        'authentication failed',
        'kill-switch failed',
        'database failed',
        'dashboard failed',
      ]);
    },
    limit,
  );

  it(
    'keeps the first reason when Slack is down too: the alert is a warning',
    async () => {
      const { check, alerts, jobs, log } = await run('slack-down');
      expect({ check, alerts }).toEqual({ check: 'failure', alerts: [] });
      const failed = jobs['deploy-staging']?.steps.filter(({ conclusion }) => conclusion === 'failure');
      expect(failed?.map(({ name }) => name)).toEqual(['Smoke']);
      expect(log('Alert on staging failure')).toContain('::warning title=Alert::');
    },
    limit,
  );

  it.each(['fork', 'dependabot'])(
    'tells a maintainer what to do with a pull request of a %s',
    async (name) => {
      const { check, jobs, log, alerts } = await run(name);
      expect({ build: jobs.build?.conclusion, check, alerts }).toEqual({
        build: 'success',
        check: 'failure',
        alerts: [],
      });
      expect(log('Check what the deploy needs')).toContain('push its commits to a branch of this repository');
    },
    limit,
  );
});
