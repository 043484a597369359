import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rulesetInjections } from '../support/driftInjections.ts';
import { argumentsOf, drift, shortly, snapshot } from '../support/driftProject.ts';
import { expectedRuleset } from '../support/driftRows.ts';
import { expectFine, provision, startProject, type Project } from '../support/project.ts';

let project: Project;
let undo: () => Promise<void>;
beforeAll(async () => {
  project = await startProject();
  project.configure(['github:writeDelayMs'], '1');
  project.configure(['allincompassing:github', 'environment'], 'staging');
  project.configure(['allincompassing:github', 'protection', 'form'], 'ruleset');
  project.configure(['allincompassing:netlify', 'plan'], 'paid');
  const feature = { value: 'on', scopes: ['builds', 'functions', 'runtime'] };
  project.configure(['allincompassing:netlify', 'variables', 'FEATURE'], feature);
  await provision(project);
  undo = snapshot(project);
}, 900_000);
afterAll(() => project.close());

describe('drift of a ruleset, a GitHub environment and scopes', () => {
  it('is none on an untouched environment', async () => {
    const { code, found, errors } = await drift(project);
    expect([code, found, errors]).toEqual([0, [], []]);
  }, 60_000);

  it('has a row for each kind', () => {
    expect(Object.keys(expectedRuleset)).toEqual(Object.keys(rulesetInjections));
  });

  it.each(Object.entries(expectedRuleset))(
    'finds %s, and its printed command heals it',
    async (kind, [severity, by]) => {
      rulesetInjections[kind]?.inject(project);
      try {
        const { code, found, errors } = await drift(project);
        expect([shortly(found), errors, code]).toEqual([[[kind, severity, by]], [], 2]);
        const args = argumentsOf(found[0]?.fix.command ?? '');
        expect(args).toContain('--only');
        const healed = await drift(project, [...args, '--yes']);
        expect([shortly(healed.found), healed.errors, healed.code]).toEqual([[], [], 0]);
      } finally {
        await undo();
      }
    },
    120_000,
  );

  it('leaves nothing for the engine to change after a new ruleset and a new environment', async () => {
    try {
      rulesetInjections['ruleset-missing']?.inject(project);
      rulesetInjections['github-environment-missing']?.inject(project);
      const { found } = await drift(project);
      const named = found.flatMap(({ id }) => ['--only', id]);
      expect((await drift(project, ['--fix', '--yes', ...named])).found).toEqual([]);
      await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    } finally {
      await undo();
    }
  }, 240_000);
});
