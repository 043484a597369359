import { beforeEach, describe, expect, it } from '@jest/globals';
import { environmentGuard } from '../../../guards/environmentGuard.ts';
import { Judged } from '../../../guards/judged.ts';
import { protectionGuard } from '../../../guards/protectionGuard.ts';
import { rulesetName } from '../../../protection/declared.ts';
import { updateGitHub } from '../../../sandbox/standIns/github/index.ts';
import { declaring } from '../../protection/rules.ts';
import { repo } from '../../sandbox/standIns/github/world.ts';
import { guardWorld, refusalOf, type GuardWorld } from './world.ts';

const requires = (context: string) => ({ statusChecks: { strict: true, checks: [{ context, app_id: null }] } });
const given = guardWorld({
  github: {
    branches: ['main', 'develop', 'signed', 'linear', 'bare'],
    environments: { staging: {} },
    protection: {
      develop: requires('build'),
      signed: { ...requires('deploy-staging'), signatures: true },
      linear: { linearHistory: true },
    },
    rulesets: [
      { name: rulesetName('develop'), rules: [{ type: 'required_signatures' }] },
      { name: 'of somebody else', rules: [{ type: 'required_signatures' }] },
    ],
  },
});
let world: GuardWorld;
beforeEach(() => void (world = given()));

const classic = (branch = 'develop') => ({ newInputs: { repository: repo, branch } });
const ruleset = (name = rulesetName('develop')) => ({ newInputs: { repository: repo, name } });
const guard = (changes: Parameters<typeof declaring>[0] = {}) => protectionGuard(declaring(changes), new Judged());

describe('the guard of the branch’s rule', () => {
  it('runs in previews too', () => {
    expect(guard().opts).toEqual({ onDryRun: true });
  });

  it('refuses to switch off a live setting that is not declared, with the command that allows it', async () => {
    expect(await refusalOf(guard(), classic())).toMatch(
      /^Refused.*: the protection of develop has settings that are not declared and would be lost: .*build.*\. If they are to go: STAGING_PROTECTION_REMOVALS=allow pulumi up --stack staging$/,
    );
    expect(await refusalOf(guard({ branch: 'signed' }), classic('signed'))).toContain('would be lost');
  });

  it('lets the rule be written that keeps what is live, and the first one of a branch', async () => {
    expect(await refusalOf(guard({ otherChecks: ['build'] }), classic())).toBeUndefined();
    expect(await refusalOf(guard({ branch: 'signed', requireSignedCommits: true }), classic('signed'))).toBeUndefined();
    expect(await refusalOf(guard({ branch: 'bare' }), classic('bare'))).toBeUndefined();
  });

  it('lets a setting go where the run or the file allows it', async () => {
    expect(await refusalOf(guard({ removals: 'allow' }), classic())).toBeUndefined();
    process.env.STAGING_PROTECTION_REMOVALS = 'allow';
    expect(await refusalOf(guard(), classic())).toBeUndefined();
  });

  it('lets nothing go that classic protection cannot keep, whatever is allowed', async () => {
    process.env.STAGING_PROTECTION_REMOVALS = 'allow';
    expect(await refusalOf(guard({ branch: 'linear' }), classic('linear'))).toContain(
      'the protection of linear has settings that classic protection cannot keep',
    );
  });

  it('refuses a branch that is not there, before other writes are made', async () => {
    expect(await refusalOf(guard({ branch: 'devlop' }), classic('devlop'))).toContain(
      `GitHub has no branch devlop in ${repo}, so that it cannot be protected.`,
    );
  });

  it('looks at this project’s ruleset alone where that is what is written', async () => {
    const problem = await refusalOf(guard({ form: 'ruleset' }), ruleset());
    expect(problem).toContain("this project's ruleset for develop has rules that are not declared and would be lost: ");
    expect(problem).toContain('If they are to go: STAGING_PROTECTION_REMOVALS=allow');
    expect(await refusalOf(guard({ form: 'ruleset', requireSignedCommits: true }), ruleset())).toBeUndefined();
    const first = guard({ form: 'ruleset', branch: 'devlop' });
    expect(await refusalOf(first, ruleset(rulesetName('devlop')))).toBeUndefined();
  });

  it('refuses what the repository’s owner makes impossible, each with its reason', async () => {
    updateGitHub(
      world.github.stateDir,
      ({ repositories: [one] }) => void Object.assign(one ?? {}, { ownedByUser: true }),
    );
    const restrictions = { users: ['a'], teams: [], apps: [] };
    const problem = await refusalOf(guard({ restrictions }), classic());
    updateGitHub(
      world.github.stateDir,
      ({ repositories: [one] }) => void Object.assign(one ?? {}, { ownedByUser: false }),
    );
    expect(problem).toMatch(
      /^Refused.*: the repository belongs to a user, .*\. And the repository belongs to a user: .*\.$/,
    );
  });
});

describe('the guard of an environment', () => {
  const create = (environment: string) => ({ newInputs: { repository: repo, environment } });

  it('refuses to make one that is there: its rules would be lost', async () => {
    const hook = environmentGuard(new Judged());
    expect(hook.opts).toEqual({ onDryRun: true });
    expect(await refusalOf(hook, create('staging'))).toContain(
      'the GitHub environment staging exists, and its rules would be lost. Take it over without a write: npm run adopt',
    );
    expect(await refusalOf(hook, create('another'))).toBeUndefined();
  });

  it('refuses where nobody has said whose repository it is', async () => {
    const { GITHUB_OWNER: before } = process.env;
    delete process.env.GITHUB_OWNER;
    const problem = await refusalOf(environmentGuard(new Judged()), create('another'));
    process.env.GITHUB_OWNER = before;
    expect(problem).toBe('github:owner is not set. Set it: pulumi config set github:owner OWNER');
  });
});
