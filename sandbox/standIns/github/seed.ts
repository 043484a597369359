import { generateKeyPairSync } from 'node:crypto';
import { commitId } from '../../process/commitId.ts';
import { github } from '../../process/identity.ts';
import { plainEnvironment } from './environments.ts';
import { plainProtection } from './protection/protectionState.ts';
import type { Protection } from './protection/protectionState.ts';
import { actionsAppId, makeInstallationToken, now, openStore, takeId } from './state.ts';
import type { App, GitHubState, Permissions, Repository, Ruleset, StoredVariable } from './records.ts';

/** What exists before anything is provisioned. Everything may be left out. */
export interface GitHubSeed {
  /** Default: the sandbox's repository. */
  readonly repository?: { readonly owner: string; readonly name: string };
  /** The repository's owner is a user, not an organization. */
  readonly ownedByUser?: boolean;
  /** The repository is private, and its owner's plan the free one. */
  readonly freePlan?: boolean;
  /** Default: `main` (the default branch) and `develop`. */
  readonly branches?: readonly string[];
  /** Secrets of the repository by name, made at `seededAt`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Actions variables of the repository by name, made at `seededAt`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Environments by name, each with its secrets and variables. */
  readonly environments?: Readonly<Record<string, Pick<GitHubSeed, 'secrets' | 'variables'>>>;
  /** Classic protection by branch; what is left out is off. */
  readonly protection?: Readonly<Record<string, Partial<Protection>>>;
  readonly rulesets?: readonly Pick<Ruleset, 'name' | 'rules'>[];
  /** Check runs of GitHub Actions at the head of a branch, by branch and name. */
  readonly checks?: Readonly<Record<string, Readonly<Record<string, 'success' | 'failure' | 'skipped'>>>>;
  /** Finished runs of `.github/workflows/ci.yml`, all jobs successful. */
  readonly runs?: readonly { readonly event: string; readonly branch: string; readonly jobs: readonly string[] }[];
  /** Workflow files by path, with their name. */
  readonly workflows?: Readonly<Record<string, string>>;
  /** Numbers of issues and pull requests. */
  readonly issues?: readonly number[];
}

/** A secret or a variable as the vendor holds it, for tests that compare it with the vault's. */
export interface ValueRecord {
  readonly scope: 'repository' | 'environment';
  readonly environment?: string;
  readonly name: string;
  readonly value: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** When seeded things were made: long enough ago that nothing new has the same time. */
const seededAt = '2025-01-15T09:00:00Z';

/** Puts a repository into the state; what a repository of that name held is replaced. */
export function seedGitHub(stateDir: string, seed: GitHubSeed = {}): void {
  updateGitHub(stateDir, (state) => {
    const { owner, name } = seed.repository ?? { owner: github.owner, name: github.repository };
    state.repositories = state.repositories.filter((other) => other.owner !== owner || other.name !== name);
    state.repositories.push(seededRepository(state, owner, name, seed));
  });
}

/**
 * Changes the state as somebody in the browser would, beside every API: a test's drift.
 * A running stand-in sees it with its next request.
 */
export function updateGitHub(stateDir: string, change: (state: GitHubState) => void): void {
  openStore(stateDir).update(change);
}

/** The state's tokens, made at random on first use: one may write, one may only read, one is GitHub Actions' own. */
export function githubTokens(stateDir: string): { write: string; read: string; actions: string } {
  const { tokens } = openStore(stateDir).state;
  const pick = (fits: (token: GitHubState['tokens'][number]) => boolean) => tokens.find(fits)?.token ?? '';
  return {
    write: pick(({ access, appId }) => access === 'write' && appId === undefined),
    read: pick(({ access }) => access === 'read'),
    actions: pick(({ appId }) => appId === actionsAppId),
  };
}

/** Registers an app, installs it in one repository, and gives what it signs with: a PEM. */
export function installGithubApp(
  stateDir: string,
  permissions: Permissions,
): { readonly clientId: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const { clientId = '' } = addApp(stateDir, permissions, publicKey);
  return { clientId, privateKey };
}

/** The token of an app with these rights in the sandbox's repository, as its action makes one; `change` is what differs. */
export function githubAppToken(
  stateDir: string,
  permissions: Permissions,
  change: { readonly expiresAt?: string; readonly repositories?: readonly number[] } = {},
): string {
  const app = addApp(stateDir, permissions);
  const made = { ...makeInstallationToken(app, permissions, app.installation?.repositories), ...change };
  updateGitHub(stateDir, ({ tokens }) => void tokens.push(made));
  return made.token;
}

function addApp(stateDir: string, permissions: Permissions, publicKey?: string): App {
  const store = openStore(stateDir);
  return store.update((state) => {
    const id = takeId(state);
    const repositories = state.repositories.slice(0, 1).map((one) => one.id);
    const installation = { id: takeId(state), permissions, repositories };
    const slug = `staging-${id}`;
    const app = { id, slug, name: slug, clientId: `Iv23${slug}`, installation, ...(publicKey && { publicKey }) };
    state.apps.push(app);
    return app;
  });
}

/** Every secret with what was in its sealed box. The API itself never shows it. */
export function githubSecrets(stateDir: string): ValueRecord[] {
  return valuesOf(stateDir, 'secrets');
}

/** Every Actions variable. */
export function githubVariables(stateDir: string): ValueRecord[] {
  return valuesOf(stateDir, 'variables');
}

function valuesOf(stateDir: string, kind: 'secrets' | 'variables'): ValueRecord[] {
  const record = ({ name, value, createdAt, updatedAt }: StoredVariable) => ({ name, value, createdAt, updatedAt });
  return openStore(stateDir).state.repositories.flatMap((repository) => [
    ...repository[kind].map((each) => ({ scope: 'repository' as const, ...record(each) })),
    ...repository.environments.flatMap((environment) =>
      environment[kind].map((each) => ({
        scope: 'environment' as const,
        environment: environment.name,
        ...record(each),
      })),
    ),
  ]);
}

function seededRepository(state: GitHubState, owner: string, name: string, seed: GitHubSeed): Repository {
  const branches = (seed.branches ?? ['main', 'develop']).map((branch) => ({
    name: branch,
    sha: commitId(`${owner}/${name}`, branch),
    ...(seed.protection?.[branch] && { protection: { ...plainProtection, ...seed.protection[branch] } }),
  }));
  const headOf = (branch: string) => branches.find((candidate) => candidate.name === branch)?.sha ?? '';
  return {
    id: takeId(state),
    owner,
    name,
    createdAt: seededAt,
    private: seed.freePlan ?? !seed.ownedByUser,
    ...(seed.ownedByUser && { ownedByUser: true, writers: [owner] }),
    ...(seed.freePlan && { freePlan: true }),
    archived: false,
    defaultBranch: branches[0]?.name ?? 'main',
    branches,
    secrets: seededValues(seed.secrets),
    variables: seededValues(seed.variables),
    environments: Object.entries(seed.environments ?? {}).map(([environment, { secrets, variables }]) => ({
      ...plainEnvironment(takeId(state), environment),
      secrets: seededValues(secrets),
      variables: seededValues(variables),
    })),
    rulesets: (seed.rulesets ?? []).map((ruleset) => ({
      ...ruleset,
      id: takeId(state),
      target: 'branch',
      enforcement: 'active',
      bypassActors: [],
      conditions: { ref_name: { include: ['refs/heads/develop'], exclude: [] } },
      createdAt: seededAt,
      updatedAt: seededAt,
    })),
    checkRuns: Object.entries(seed.checks ?? {}).flatMap(([branch, checks]) =>
      Object.entries(checks).map(([check, conclusion]) => ({
        id: takeId(state),
        name: check,
        headSha: headOf(branch),
        appId: actionsAppId,
        status: 'completed' as const,
        conclusion,
        startedAt: now(),
        completedAt: now(),
        detailsUrl: `https://github.com/${owner}/${name}/actions`,
        output: { title: null, summary: null, text: null },
      })),
    ),
    workflows: Object.entries(seed.workflows ?? {}).map(([path, title]) => ({ id: takeId(state), name: title, path })),
    workflowRuns: (seed.runs ?? []).map(({ event, branch, jobs }, index) => {
      const ended = { status: 'completed' as const, conclusion: 'success' };
      return {
        id: takeId(state),
        workflow: '.github/workflows/ci.yml',
        number: index + 1,
        event,
        headBranch: branch,
        headSha: headOf(branch) || commitId(`${owner}/${name}`, branch),
        createdAt: now(),
        attempt: 1,
        ...ended,
        updatedAt: now(),
        jobs: jobs.map((job) => ({ id: takeId(state), name: job, ...ended, startedAt: now(), completedAt: now() })),
      };
    }),
    deployments: [],
    issues: [...(seed.issues ?? [])],
    comments: [],
  };
}

function seededValues(values: Readonly<Record<string, string>> = {}): StoredVariable[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, createdAt: seededAt, updatedAt: seededAt }));
}
