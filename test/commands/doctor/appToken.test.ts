import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { githubToken } from '../../../commands/doctor/github.ts';
import { thrown } from '../../../commands/doctor/thrown.ts';
import { githubAppToken, githubTokens, seedGitHub, updateGitHub } from '../../../sandbox/standIns/github/index.ts';
import type { Permissions } from '../../../sandbox/standIns/github/records.ts';
import { githubApi } from '../../../services/github/github.ts';
import { parseSettings } from '../../../settings/settings.ts';
import { valid } from '../../settings/raw.ts';
import { owner, repo, startWorld, type World } from '../../sandbox/standIns/github/world.ts';

let world: World;
beforeAll(async () => (world = await startWorld({ environments: { qa: {} } })));
afterAll(() => world.close());

const plain = parseSettings(valid());
/** The same stack, with a value in a variable and in an environment. */
const raw = valid();
Object.assign(raw.values, {
  VITE_API_URL: { value: 'https://api.example.com', actionsVariable: { environments: [] } },
  OUR_TOKEN: { from: 'op://Platform/Supabase/our_token', actionsSecret: { environments: ['qa'] } },
});
const more = parseSettings(raw);

/** What `doctor` says of a token. */
async function said(token: string, settings = plain) {
  const api = githubApi({ GITHUB_TOKEN: token, GITHUB_BASE_URL: world.url });
  const github = () => ({ api, name: { owner, repository: repo } });
  return githubToken({ settings, branch: 'develop', github }).catch((error: unknown) => thrown(error));
}

const ofApp = (permissions: Permissions, change = {}) => githubAppToken(world.stateDir, permissions, change);

const reading: Permissions = {
  actions: 'read',
  administration: 'read',
  checks: 'read',
  contents: 'read',
  secrets: 'read',
};

describe('doctor, of the token of an App', () => {
  it('is fine with the rights of the App that reads, and claims nothing of writing', async () => {
    expect(await said(ofApp(reading))).toEqual({
      state: 'fine',
      detail:
        'is an App’s token, for an hour at most, and reads the repository; GitHub does not say whether it may write',
    });
  });

  it.each([
    ['actions', 'Actions'],
    ['administration', 'Administration'],
    ['checks', 'Checks'],
    ['contents', 'Contents'],
    ['secrets', 'Secrets'],
  ])('names the right to %s that it lacks, as GitHub does', async (right, title) => {
    const rest = Object.fromEntries(Object.entries(reading).filter(([name]) => name !== right));
    expect(await said(ofApp(rest))).toEqual({
      state: 'broken',
      detail: `lacks ${title}: give the App these rights, and accept them where it is installed (doctor -- --tokens)`,
    });
  });

  it.each<[Permissions, string, string]>([
    [{ ...reading, actions_variables: 'read', environments: 'read' }, 'fine', 'reads the repository'],
    [reading, 'broken', 'lacks Variables, Environments: '],
    // The list of environments takes the right to Actions: it says nothing of their secrets.
    [{ ...reading, actions_variables: 'read' }, 'broken', 'lacks Environments: '],
    [{ ...reading, environments: 'read' }, 'broken', 'lacks Variables: '],
  ])('wants the rights to variables and environments where the stack has some: %j', async (given, state, words) => {
    expect(await said(ofApp(given), more)).toEqual({ state, detail: expect.stringContaining(words) });
  });

  it('asks for no right to an environment that is not there', async () => {
    updateGitHub(world.stateDir, ({ repositories: [one] }) => void one?.environments.splice(0));
    expect((await said(ofApp({ ...reading, actions_variables: 'read', environments: 'read' }), more)).state).toBe(
      'fine',
    );
  });

  it('says when its hour is over, and what to do', async () => {
    const { state, detail } = await said(ofApp(reading, { expiresAt: '2026-01-01T00:00:00Z' }));
    expect({ state }).toEqual({ state: 'broken' });
    expect(detail).toContain('is an App’s token, which works for an hour');
  });

  it('says when it does not reach the repository', async () => {
    const { state, detail } = await said(ofApp(reading, { repositories: [1] }));
    expect({ state, detail }).toEqual({ state: 'broken', detail: expect.stringContaining('404') });
  });

  it('warns of one that reaches another repository, too', async () => {
    seedGitHub(world.stateDir, { repository: { owner, name: 'another' } });
    const { state, detail } = await said(ofApp(reading, { repositories: undefined }));
    expect({ state, detail }).toEqual({
      state: 'warning',
      detail: expect.stringContaining('reaches 1 other repository too'),
    });
  });
});

it('doctor warns of a person’s token in a job, and of none elsewhere', async () => {
  const { GITHUB_ACTIONS: before } = process.env;
  try {
    process.env.GITHUB_ACTIONS = 'true';
    const { state, detail } = await said(githubTokens(world.stateDir).write);
    expect({ state, detail }).toEqual({
      state: 'warning',
      detail: expect.stringContaining('docs/github_actions.md#signing-in'),
    });
    delete process.env.GITHUB_ACTIONS;
    expect((await said(githubTokens(world.stateDir).write)).state).toBe('fine');
  } finally {
    if (before !== undefined) process.env.GITHUB_ACTIONS = before;
  }
});
