import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { policyOrDefault, responseTo } from '../../alerts/policy.ts';
import { isSlackWebhook, SlackRefusal, webhookProblem } from '../../alerts/refusal.ts';
import { severityOf } from '../../alerts/severity.ts';
import { originOf, throttle } from '../../alerts/throttle.ts';
import { serve, type Listening } from '../../sandbox/server/serve.ts';
import { createSlack } from '../../sandbox/standIns/slack/service.ts';
import { runCommand } from '../support/command.ts';

const webhookPath = `/services/T1/B1/${randomBytes(12).toString('hex')}`;
const slack = createSlack({ stateDir: mkdtempSync(join(tmpdir(), 'slack-')), webhookPath });
let server: Listening;
let webhook = '';
let stateDir = '';
jest.setTimeout(60_000);
beforeAll(async () => {
  server = await serve(slack);
  webhook = `${server.url}${webhookPath}`;
});
afterAll(() => server.close());
beforeEach(() => {
  slack.refuse(undefined);
  stateDir = mkdtempSync(join(tmpdir(), 'alerts-'));
});

async function alert(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const before = slack.messages().length;
  const ended = await runCommand('commands/alertSlack/command.ts', args, {
    SLACK_WEBHOOK_URL: webhook,
    ALERT_STATE_DIR: stateDir,
    ALERT_ATTEMPTS: '1',
    ...env,
  });
  expect(ended.stdout + ended.stderr).not.toContain(webhookPath);
  return { ...ended, sent: slack.messages().slice(before) };
}

const warned: string[] = [];
const policyOf = (env: Readonly<Record<string, string>> = {}) => policyOrDefault(env, (text) => warned.push(text));
const policyFileWith = (content: unknown) => {
  const file = join(mkdtempSync(join(tmpdir(), 'policy-')), 'alert-policy.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return { ALERT_POLICY: file };
};

describe("the team's severities", () => {
  it.each([
    ['high', 'within 15 minutes, page the person on call; no answer in 15 minutes: page'],
    ['SEV1', 'within 15 minutes'],
    ['critical', 'within 15 minutes'],
    ['medium', 'within 30 minutes; no answer in 30 minutes: tag the team leads'],
    ['sev2', 'within 30 minutes'],
    ['low', 'within 4 hours; no answer in 2 hours: open a GitHub issue labelled `incident`'],
    ['SEV3', 'within 4 hours'],
    ['info', 'none is needed'],
  ])('%s is answered %s', (word, answer) => {
    const severity = severityOf(word);
    expect(severity && responseTo(severity, policyOf())).toContain(answer);
  });

  it('are configurable, and a broken policy loses no alert', () => {
    const own = { SEV2: { respondMinutes: 20, escalateMinutes: 10, escalation: 'call the lead' } };
    expect(responseTo('medium', policyOf(policyFileWith({ levels: own })))).toBe(
      'within 20 minutes; no answer in 10 minutes: call the lead',
    );
    for (const broken of ['{', { levels: { SEV9: {} } }, { repeatMinutes: 'often' }]) {
      warned.length = 0;
      expect(policyOf(policyFileWith(broken))).toEqual(policyOf());
      expect(warned).toEqual([expect.stringContaining('The default policy is used instead.')]);
    }
    warned.length = 0;
    expect(policyOf({ ALERT_POLICY: '/does/not/exist.json' })).toEqual(policyOf());
    expect(warned).toHaveLength(1);
  });
});

describe('throttling', () => {
  const once = { windowMinutes: 60 };
  const dropped = { dropped: expect.any(String) };
  it.each([
    ['main', { GITHUB_REF: 'refs/heads/main' }, { windowMinutes: 0 }],
    ['develop', { GITHUB_REF: 'refs/heads/develop' }, once],
    ['a branch of work', { GITHUB_REF: 'refs/heads/main-menu' }, once],
    ['a tag called main', { GITHUB_REF: 'refs/tags/main' }, once],
    ['a person', {}, once],
    ['a pull request', { GITHUB_REF: 'refs/pull/7/merge', GITHUB_JOB: 'lint' }, dropped],
    ['a pull request without a job', { GITHUB_REF: 'refs/pull/7/merge' }, dropped],
    // Its ref is the base branch: what it runs is the pull request's all the same.
    ['pull_request_target', { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF: 'refs/heads/main' }, dropped],
    ['a required check', { GITHUB_REF: 'refs/pull/7/merge', GITHUB_JOB: 'deploy-staging' }, once],
    [
      'a merge queue',
      { GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF: 'refs/heads/gh-readonly-queue/develop/pr-1' },
      once,
    ],
  ])('%s', (_, env, expected) => {
    expect(throttle(originOf(env), policyOf(), false)).toEqual(expected);
  });

  it('believes who says that a merge is blocked, and the policy', () => {
    const origin = originOf({ GITHUB_REF: 'refs/pull/7/merge', GITHUB_JOB: 'ci-gate' });
    expect(throttle(origin, policyOf(), true)).toEqual(once);
    const own = policyOf(policyFileWith({ mergeBlockingJobs: ['ci-gate'], repeatMinutes: 5 }));
    expect(throttle(origin, own, false)).toEqual({ windowMinutes: 5 });
  });

  it('holds in the command: main twice, develop once, another branch for itself, a pull request not at all', async () => {
    const at = (ref: string, ...more: string[]) => alert(['--title', 'x', ...more], { GITHUB_REF: ref });
    expect((await at('refs/heads/main')).sent).toHaveLength(1);
    expect((await at('refs/heads/main')).sent).toHaveLength(1);
    expect((await at('refs/heads/develop')).sent).toHaveLength(1);
    expect(await at('refs/heads/develop')).toMatchObject({
      code: 0,
      sent: [],
      stdout: expect.stringContaining('Dropped'),
    });
    expect((await at('refs/heads/other')).sent).toHaveLength(1);
    expect(await at('refs/pull/1/merge')).toMatchObject({
      code: 0,
      sent: [],
      stdout: expect.stringContaining('merge'),
    });
    expect((await at('refs/pull/1/merge', '--merge-blocked')).sent).toHaveLength(1);
  });
});

describe('the documented flags', () => {
  it('are all optional', async () => {
    const { code, sent } = await alert([]);
    expect(code).toBe(0);
    expect(sent).toEqual([expect.objectContaining({ text: expect.stringContaining('[SEV2]') })]);
    expect((await alert(['--dry-run'], { SLACK_WEBHOOK_URL: '' })).code).toBe(0);
    const empty = ['title', 'text', 'severity', 'source', 'runbook', 'channel'].flatMap((name) => [`--${name}`, '']);
    expect((await alert([...empty, '--window', '0'])).sent).toHaveLength(1);
  });

  it('take a value that begins with a dash', async () => {
    const { code, sent } = await alert(['--title', '-1 tests', '--text', '- a\n- b', '--severity', 'low']);
    expect(code).toBe(0);
    expect(JSON.stringify(sent)).toMatch(/-1 tests.*- a\\+n- b/);
    expect((await alert(['--title', '--text', 'x'])).code).toBe(1);
  });

  it('name the channel: --channel before SLACK_ALERTS_CHANNEL before the webhook', async () => {
    const wanted = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      (await alert([...args, '--window', '0'], env)).sent.map((message) => message.wanted);
    expect(await wanted([])).toEqual([undefined]);
    expect(await wanted([], { SLACK_ALERTS_CHANNEL: '' })).toEqual([undefined]);
    expect(await wanted([], { SLACK_ALERTS_CHANNEL: '#b' })).toEqual(['#b']);
    expect(await wanted(['--channel', '#a'], { SLACK_ALERTS_CHANNEL: '#b' })).toEqual(['#a']);
  });
});

describe("Slack's refusals", () => {
  it.each([
    [404, 'no_service', 'removed, or never existed'],
    [404, 'no_active_hooks', 'switched off'],
    [404, 'channel_not_found', '--channel or SLACK_ALERTS_CHANNEL'],
    [410, 'channel_is_archived', 'archived'],
    [403, 'action_prohibited', 'administrator'],
    [403, 'invalid_token', 'revoked'],
    [404, 'no_team', 'workspace does not exist'],
    [400, 'invalid_payload', 'cannot read'],
  ])('%s %s', async (status, word, meaning) => {
    slack.refuse({ status, word });
    const ended = await alert([]);
    expect(ended).toMatchObject({ code: 1, sent: [], stderr: expect.stringContaining(`(${status} ${word})`) });
    expect(ended.stderr).toContain(meaning);
    expect((await alert([], { CI: 'true' })).code).toBe(0);
  });

  it('of the layout alone: the text is sent without it', async () => {
    slack.refuse({ status: 400, word: 'invalid_blocks' });
    const ended = await alert(['--title', 'Down', '--text', 'since noon']);
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('invalid_blocks') });
    expect(ended.sent).toEqual([
      expect.objectContaining({ blocks: [], text: expect.stringMatching(/Down[\s\S]*since noon/) }),
    ]);
  });

  it('are not repeated when they are no word of Slack’s', () => {
    expect(new SlackRefusal(200, '<html>a page</html>').message).not.toContain('html');
    expect(new SlackRefusal(200, '{"ok":true}').message).toContain('Check SLACK_WEBHOOK_URL');
  });
});

describe('the address of a webhook', () => {
  it.each([
    ['https://hooks.slack.com/services/T1/B1/x', undefined],
    ['https://hooks.slack-gov.com/services/T1/B1/x\n', undefined],
    ['https://hooks.slack.com/triggers/T1/1/x', 'Workflow Builder'],
    ['https://hooks.slack.com/workflows/T1/A1/1/x', 'Workflow Builder'],
    ['https://chat.example.com/hooks/x', undefined],
    ['****', 'is no URL'],
    [' ', 'is missing'],
    [undefined, 'is missing'],
  ])('%s: %s', (address, problem) => {
    expect(webhookProblem(address) ?? 'fine').toContain(problem ?? 'fine');
  });

  it('is told apart from any other, for the doctor', () => {
    const slackOwn = ['https://hooks.slack.com/services/T1/B1/x', 'https://hooks.slack-gov.com/services/T1/B1/x'];
    expect(slackOwn.filter(isSlackWebhook)).toEqual(slackOwn);
    const others = ['https://hooks.slack.com/services/T1/B1', 'https://x.slack.com/archives/C1', 'https://a.example/'];
    expect(others.filter(isSlackWebhook)).toEqual([]);
  });

  it('of a workflow is refused before anything is sent, without being shown', async () => {
    const secret = randomBytes(8).toString('hex');
    const ended = await alert([], { SLACK_WEBHOOK_URL: `https://hooks.slack.com/triggers/T1/1/${secret}` });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Workflow Builder') });
    expect(ended.stderr).not.toContain(secret);
  });
});
