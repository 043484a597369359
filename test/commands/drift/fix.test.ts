import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { finding, type Finding } from '../../../commands/drift/finding.ts';
import { applyFixes } from '../../../commands/drift/reconcile/applyFixes.ts';
import type { Notes } from '../../../commands/drift/reconcile/notes.ts';
import { newerInVault } from '../../../commands/drift/reconcile/newerInVault.ts';
import { fixPlaced } from '../../../commands/drift/reconcile/placed.ts';
import type { LookOptions } from '../../../commands/drift/observed.ts';
import { Secret } from '../../../secrets/secret.ts';
import { updateGitHub } from '../../../sandbox/standIns/github/index.ts';
import { plainEnvironment } from '../../../sandbox/standIns/github/environments.ts';
import type { Environment, Repository } from '../../../sandbox/standIns/github/records.ts';
import { owner, repo, startWorld, type World } from '../../sandbox/standIns/github/world.ts';
import { lookWith, recorded, settings } from './lookFixture.ts';

const missing = finding({ kind: 'github-environment-missing', subject: 'staging', what: 'gone' });
const changed = finding({ kind: 'github-secret-changed', subject: 'staging/SLACK_WEBHOOK_URL', what: 'changed' });
const look = lookWith([missing, changed], {
  recorded: {
    ...recorded,
    placed: new Map([
      ['github-staging/SLACK_WEBHOOK_URL', { updatedAt: undefined, value: new Secret('made-up value') }],
    ]),
  },
});

describe('drift --fix and a GitHub environment', () => {
  let world: World;
  let folder: string;
  let options: LookOptions;
  beforeEach(async () => {
    world = await startWorld({});
    folder = mkdtempSync(join(tmpdir(), 'fix-'));
    process.env.GITHUB_TOKEN = await world.octokit.auth().then((auth) => (auth as { token: string }).token);
    process.env.GITHUB_BASE_URL = world.url;
    options = {
      root: folder,
      stack: 'staging',
      settings: {
        ...settings,
        placements: settings.placements.map((each) => ({ ...each, environment: 'staging' })),
      },
      repository: { owner, repository: repo },
      maxAgeDays: 180,
      siteUrl: undefined,
      application: undefined,
      localFile: join(folder, '.env.local'),
      now: Date.now(),
    };
  });
  afterEach(async () => {
    delete process.env.GITHUB_TOKEN;
    delete process.env.GITHUB_BASE_URL;
    rmSync(folder, { recursive: true });
    await world.close();
  });

  const repository = (change: (repository: Repository) => void) =>
    updateGitHub(world.stateDir, ({ repositories: [first] }) => {
      if (first) change(first);
    });
  const environments = () => {
    let found: Environment[] = [];
    repository((own) => (found = structuredClone(own.environments)));
    return found;
  };
  const writes = () =>
    world.log.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  async function fix(findings: readonly Finding[]): Promise<Notes> {
    const notes: Notes = {
      open: [],
      done: [],
      failed: [],
      writes: { variables: new Map(), placed: new Map(), rulesetId: undefined },
      wroteNetlify: false,
    };
    await fixPlaced(options, look, findings, notes);
    return notes;
  }

  it('is left to a question, never to --fix alone', () => {
    expect(missing.fix.by).toBe('ask');
  });

  it('makes a missing one for the protected branch alone, and only then seals', async () => {
    const notes = await fix([missing]);
    expect(notes.failed).toEqual([]);
    expect(writes().map((each) => each.split('/environments/')[1])).toEqual([
      'staging',
      'staging/deployment-branch-policies',
      'staging/secrets/SLACK_WEBHOOK_URL',
    ]);
    expect(environments()).toMatchObject([
      {
        name: 'staging',
        deploymentBranchPolicy: { custom_branch_policies: true },
        branchPolicies: [{ name: 'develop' }],
        secrets: [{ name: 'SLACK_WEBHOOK_URL' }],
      },
    ]);
  });

  const rules = (more: Partial<Environment>) => (own: Repository) =>
    own.environments.push({ ...plainEnvironment(9, 'staging'), ...more });

  it('touches nothing of one that somebody made since the check', async () => {
    repository(rules({ waitTimer: 30 }));
    const notes = await fix([missing]);
    expect([notes.done, notes.failed]).toEqual([[], [expect.stringContaining('its rules were not touched')]]);
    expect(writes()).toEqual([]);
    expect(environments()).toMatchObject([{ waitTimer: 30, secrets: [] }]);
  });

  const onlyDevelop = {
    deploymentBranchPolicy: { protected_branches: false, custom_branch_policies: true },
    branchPolicies: [{ id: 1, name: 'develop', type: 'branch' as const }],
  };

  it('seals into one with rules, and leaves them as they are', async () => {
    repository(rules({ waitTimer: 30, ...onlyDevelop }));
    expect((await fix([changed])).failed).toEqual([]);
    expect(environments()).toMatchObject([
      { waitTimer: 30, branchPolicies: [{ name: 'develop' }], secrets: [{ name: 'SLACK_WEBHOOK_URL' }] },
    ]);
  });

  it.each([
    ['a wait, which only delays', { waitTimer: 30 }],
    [
      'a choice of branches that every name fits',
      { ...onlyDevelop, branchPolicies: [{ id: 1, name: '*', type: 'branch' as const }] },
    ],
  ])('seals nothing where all that stands is %s', async (_, more) => {
    repository(rules(more));
    expect((await fix([changed])).failed).toEqual([expect.stringContaining('no rules that keep a branch out')]);
    expect(writes()).toEqual([]);
  });

  it('neither seals over nor deletes what somebody wrote while the question stood', async () => {
    const secrets = [
      { name: 'SLACK_WEBHOOK_URL', value: 'x', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-02T00:00:00Z' },
    ];
    repository(rules({ ...onlyDevelop, secrets }));
    const extra = finding({ kind: 'github-secret-undeclared', subject: 'staging/SLACK_WEBHOOK_URL', what: 'added' });
    const failed = ['staging/SLACK_WEBHOOK_URL: it was changed at GitHub since the check. Check again: npm run drift'];
    expect((await fix([changed])).failed).toEqual(failed);
    expect((await fix([extra])).failed).toEqual(failed);
    expect(writes()).toEqual([]);
  });

  it('seals nothing into one without any rule, nor into one that is gone', async () => {
    expect((await fix([changed])).failed).toEqual([expect.stringContaining('is gone')]);
    repository(rules({}));
    expect((await fix([changed])).failed).toEqual([expect.stringContaining('has no rules that keep a branch out')]);
    expect(writes()).toEqual([]);
  });

  it.each([
    ['the stack was updated since the check', { isCurrent: () => Promise.resolve(false) }],
    ['an update was killed half way', { pendingOperations: 1 }],
  ])('writes nothing where %s', async (why, more) => {
    repository(rules({ waitTimer: 30 }));
    const stale = { ...look, recorded: { ...look.recorded, ...more } };
    await expect(applyFixes(options, stale, [changed])).rejects.toThrow(`Nothing was fixed: ${why}`);
    expect(world.log).toEqual([]);
  });
});

describe('a key whose value is newer in the vault', () => {
  const newer = finding({
    kind: 'vault-value-changed',
    subject: 'op://Platform/Supabase/openai',
    what: 'newer',
    resources: ['netlify-OPENAI_API_KEY'],
  });
  const ofKey = (kind: Finding['kind'], subject = 'OPENAI_API_KEY') => finding({ kind, subject, what: 'changed' });

  it.each(['secret-changed', 'value-changed', 'secret-readable', 'context-missing', 'scope-missing'] as const)(
    'is left to the update that was chosen with it (%s)',
    (kind) => {
      const found = ofKey(kind);
      expect(newerInVault([newer, found], [newer, found])).toEqual({ superseded: [found], undecided: [] });
    },
  );

  it('is not written where the update was not chosen', () => {
    const found = ofKey('secret-changed');
    expect(newerInVault([newer, found], [found])).toEqual({ superseded: [found], undecided: [found] });
  });

  it.each([
    ['value-empty', ['branch:staging'], false],
    ['production-value-changed', ['production'], true],
    ['value-changed', ['branch:staging', 'production'], true],
    ['secret-changed', ['branch:staging'], true], // written in every context
  ] as const)('holds back %s in %j where production’s value is newer: %s', (kind, contexts, held) => {
    const ofProduction = { ...newer, where: { ...newer.where, contexts: ['production'] } };
    const found = finding({ kind, subject: 'OPENAI_API_KEY', what: 'changed', contexts });
    expect(newerInVault([ofProduction, found], [found]).superseded).toEqual(held ? [found] : []);
  });

  it('holds back neither another key, nor a GitHub secret of the same name, nor what overwrites nothing', () => {
    const chosen = [
      ofKey('secret-changed', 'OTHER'),
      ofKey('github-secret-changed'),
      ofKey('variable-missing'),
      ofKey('branch-value-undeclared'),
    ];
    expect(newerInVault([newer, ...chosen], chosen)).toEqual({ superseded: [], undecided: [] });
  });
});
