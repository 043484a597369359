import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { defaultAnswers } from '../../../alerts/policy.ts';
import { severities } from '../../../alerts/severity.ts';
import { Faults } from '../../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import { createSlack } from '../../../sandbox/standIns/slack/service.ts';
import { runCommand, type Ended } from '../../support/command.ts';

const webhookPath = `/services/T${randomBytes(4).toString('hex')}/B${randomBytes(4).toString('hex')}/${randomBytes(12).toString('hex')}`;
const canary = `canary ${randomBytes(9).toString('base64')}"quoted"`;
const faults = new Faults();
const slack = createSlack({ stateDir: mkdtempSync(join(tmpdir(), 'slack-')), webhookPath });
let server: Listening;
let webhook = '';
let stateDir = '';

// Each test starts processes; under load that takes longer than jest allows by itself.
jest.setTimeout(60_000);

beforeAll(async () => {
  server = await serve(slack, { faults });
  webhook = `${server.url}${webhookPath}`;
});
afterAll(() => server.close());
beforeEach(() => {
  faults.set([]);
  stateDir = mkdtempSync(join(tmpdir(), 'alerts-'));
});

/** Runs the command; whatever it prints must hold neither the webhook's secret path nor the canary. */
async function alert(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const ended = await runCommand('commands/alertSlack/command.ts', args, {
    SLACK_WEBHOOK_URL: webhook,
    ALERT_STATE_DIR: stateDir,
    SUPABASE_SERVICE_ROLE_KEY: canary,
    ...environment,
  });
  expect(ended.stdout + ended.stderr).not.toContain(webhookPath);
  expect(ended.stdout + ended.stderr).not.toContain(canary);
  return ended;
}

/** The playbook's two calls, word for word but for the values that GitHub fills in. */
const fromJob = [
  ['--title', 'Staging smoke test failed'],
  ['--text', 'Staging deployment smoke test failed. Deploy URL: https://x.example. Workflow: https://y.example/runs/1'],
  ['--severity', 'medium'],
  ['--source', 'ci:staging:smoke'],
  ['--runbook', 'docs/STAGING_OPERATIONS.md'],
].flat();
const byHand = [
  ['--title', 'Staging deploy failure'],
  ['--text', '<description of failure>'],
  ['--severity', 'medium'],
  ['--source', 'staging-operations'],
  ['--runbook', 'docs/STAGING_OPERATIONS.md'],
].flat();

describe('alert:slack', () => {
  it.each([fromJob, byHand])(
    "takes the playbook's call as written and tells level, source and runbook",
    async (...args) => {
      const ended = await alert(args);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      const message = slack.messages().at(-1);
      expect(message?.channel).toBe('#deployments');
      const shown = JSON.stringify(message);
      for (const part of ['SEV2', args[1], args[7], 'docs/STAGING_OPERATIONS.md']) expect(shown).toContain(part);
    },
  );

  it('masks secrets in the message: values of the environment, however spelled, and known shapes', async () => {
    const shaped = ['sb_sec', 'ret_'].join('') + randomBytes(12).toString('hex');
    const spelled = [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64'), shaped];
    expect((await alert([...byHand.slice(0, 2), '--text', spelled.join(' and '), ...byHand.slice(4)])).code).toBe(0);
    const shown = JSON.stringify(slack.messages().at(-1));
    for (const secret of [...spelled, JSON.stringify(canary).slice(1, -1)]) expect(shown).not.toContain(secret);
    expect(shown).toContain('**** and ****');
  });

  it('drops a repeat within the window, though the text differs, and sends it again without one', async () => {
    const before = slack.messages().length;
    await alert(byHand);
    const repeat = await alert(['--title', 'Staging deploy failure', '--text', 'other', ...byHand.slice(4)]);
    expect(repeat).toMatchObject({ code: 0 });
    expect(repeat.stdout).toContain('Dropped');
    expect(slack.messages()).toHaveLength(before + 1);
    await alert([...byHand, '--window', '0']);
    await alert([...byHand, '--severity', 'high']);
    expect(slack.messages()).toHaveLength(before + 3);
  });

  it.each([
    { name: '429', fault: { status: 429, headers: { 'retry-after': '0' } } },
    { name: '503', fault: { status: 503 } },
    { name: 'reset', fault: { connection: 'reset' as const } },
    { name: 'no answer', fault: { connection: 'hang' as const } },
  ])('sends again after $name', async ({ fault }) => {
    faults.set([{ ...fault, times: 2 }]);
    const before = slack.messages().length;
    expect(await alert(byHand, { ALERT_TIMEOUT_SECONDS: '1' })).toMatchObject({ code: 0 });
    expect(slack.messages()).toHaveLength(before + 1);
  });

  it('gives up after its attempts: exit 1 for a person, a warning and exit 0 in a job, 1 again with --strict', async () => {
    faults.set([{ status: 500 }]);
    const environment = { ALERT_ATTEMPTS: '2' };
    expect(await alert(byHand, environment)).toMatchObject({ code: 1 });
    const inJob = { ...environment, GITHUB_ACTIONS: 'true' };
    const ended = await alert(byHand, inJob);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain(
      '::warning title=Alert::The alert "Staging deploy failure" was not delivered: status 500',
    );
    expect((await alert([...byHand, '--strict'], inJob)).code).toBe(1);
  });

  it('does not try a refused message twice, and says what to do', async () => {
    const ended = await alert(byHand, { SLACK_WEBHOOK_URL: `${webhook}x` });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('the webhook was revoked');
    expect(ended.stderr).not.toContain('attempt');
  });

  it('says which argument is wrong, and which variable is missing', async () => {
    expect((await alert([...byHand, '--severity', 'awful'])).stderr).toContain('critical, high, medium');
    expect((await alert([...byHand, '--titel', 'x'])).stderr).toContain("Unknown option '--titel'");
    expect((await alert(byHand, { SLACK_WEBHOOK_URL: '' })).stderr).toContain('SLACK_WEBHOOK_URL is missing');
  });

  it('prints the message and sends nothing with --dry-run', async () => {
    const before = slack.messages().length;
    const ended = await alert([...byHand, '--dry-run'], { SLACK_WEBHOOK_URL: '' });
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toHaveProperty('blocks');
    expect(slack.messages()).toHaveLength(before);
  });
});

describe('the runbook', () => {
  it('shows every severity with its level, meaning and answer', () => {
    const text = readFileSync('docs/OBSERVABILITY_RUNBOOK.md', 'utf8');
    for (const [name, { level, when }] of Object.entries(severities))
      expect(text).toContain(`- \`${name}\`, ${level}: ${when}\n  - answer: ${defaultAnswers[level]}\n`);
  });
});
