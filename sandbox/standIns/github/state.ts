import { join } from 'node:path';
import { randomBytes, randomInt } from 'node:crypto';
import { github } from '../../process/identity.ts';
import { Store } from '../../server/store.ts';
import type { App, GitHubState, Permissions, Token } from './records.ts';

/** The app id of GitHub Actions, the same on github.com for everybody. */
export const actionsAppId = 15368;

/** The state in `stateDir`; opened for each request, so that a seed or another process is seen at once. */
export function openStore(stateDir: string): Store<GitHubState> {
  return new Store(join(stateDir, 'github.json'), initialState);
}

/** The next identifier; those of one state never repeat. */
export function takeId(state: GitHubState): number {
  state.nextId += 1;
  return state.nextId;
}

/** Now, as GitHub writes it: to the second. */
export function now(): string {
  return timestamp(Date.now());
}

/**
 * The time of a change, after the last one of the same thing: GitHub counts in seconds, and two changes
 * within one would look like one, which a test can do without.
 */
export function after(last: string): string {
  return timestamp(Math.max(Date.now(), Date.parse(last) + 1000));
}

function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** No workflow can ask for these in its `permissions`. */
const notForWorkflows = ['secrets', 'actions_variables', 'environments'] as const;

function initialState(): GitHubState {
  const base = 1_000_000;
  return {
    nextId: base + 100,
    tokens: [
      { token: makeToken(), login: 'staging-bot', access: 'write' },
      { token: makeToken(), login: 'staging-reader', access: 'read' },
      {
        token: makeToken('ghs_'),
        login: 'github-actions[bot]',
        access: 'write',
        appId: actionsAppId,
        lacks: notForWorkflows,
      },
    ],
    organization: { id: base, login: github.owner },
    users: [
      { id: base + 1, login: 'staging-bot' },
      { id: base + 2, login: 'staging-reader' },
      { id: base + 3, login: 'maintainer' },
      { id: 41898282, login: 'github-actions[bot]' },
    ],
    teams: [{ id: base + 4, slug: 'platform' }],
    apps: [{ id: actionsAppId, slug: 'github-actions', name: 'GitHub Actions' }],
    repositories: [],
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function makeToken(prefix = 'ghp_'): string {
  return prefix + Array.from({ length: 36 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

const hour = 3_600_000;

/** A token of an app's installation, in the form of 2026: the app's id, and a token that GitHub has signed for itself. */
export function makeInstallationToken(
  { id, slug }: App,
  permissions: Permissions,
  repositories?: readonly number[],
): Token {
  const part = (bytes: number) => randomBytes(bytes).toString('base64url');
  return {
    token: `ghs_${id}_${part(30)}.${part(210)}.${part(64)}`,
    login: `${slug}[bot]`,
    access: 'write',
    appId: id,
    permissions,
    ...(repositories && { repositories }),
    expiresAt: timestamp(Date.now() + hour),
  };
}
