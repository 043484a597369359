import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { injectionsFor } from '../../../sandbox/drift/injection.ts';
import { injections } from '../../../sandbox/drift/injections.ts';
import { protectionInjections } from '../../../sandbox/drift/protection.ts';
import { rulesetInjections } from '../../support/drift/driftInjections.ts';
import { argumentsOf, drift, shortly, snapshot, worldOf } from '../../support/drift/driftProject.ts';
import { expected, expectedPaid, expectedRuleset } from '../../support/drift/driftRows.ts';
import { expectFine, startProject, type Project } from '../../support/project.ts';

const here = injectionsFor('ruleset', injections);
let project: Project;
let undo: () => Promise<void>;
beforeAll(async () => {
  const feature = { value: 'on', netlify: { scopes: ['builds', 'functions', 'runtime'] } };
  project = await startProject({
    stage: 'provisioned',
    configuration: [
      [['github:writeDelayMs'], '1'],
      [['allincompassing:github', 'environment'], 'staging'],
      [['allincompassing:netlify', 'plan'], 'paid'],
      [['allincompassing:values', 'FEATURE'], feature],
    ],
  });
  undo = snapshot(project);
}, 900_000);
afterAll(() => project.close());

describe('drift of a ruleset, a GitHub environment and scopes', () => {
  it('is none on an untouched environment', async () => {
    const { code, found, errors } = await drift(project);
    expect([code, found, errors]).toEqual([0, [], []]);
  }, 60_000);

  const ofRules = Object.entries(expected).filter(([kind]) => kind in protectionInjections && kind in here);

  it('has a row for each kind', () => {
    const rows = [...Object.keys(expected).filter((kind) => kind in here), ...Object.keys(expectedRuleset)];
    expect(rows.sort()).toEqual(Object.keys(here).sort());
    expect(Object.keys(expectedPaid)).toEqual(Object.keys(rulesetInjections));
  });

  it.each([...ofRules, ...Object.entries(expectedRuleset), ...Object.entries(expectedPaid)])(
    'finds %s, and its printed command fixes it',
    async (kind, [severity, by]) => {
      const own = rulesetInjections[kind];
      if (own) own.inject(project);
      else await here[kind]?.inject(worldOf(project));
      try {
        const { code, found, errors } = await drift(project);
        expect([shortly(found), errors, code]).toEqual([[[kind, severity, by]], [], 2]);
        if (by === 'person') return;
        const args = argumentsOf(found[0]?.fix.command ?? '');
        expect(args).toContain('--only');
        const fixed = await drift(project, [...args, '--yes']);
        expect([shortly(fixed.found), fixed.errors, fixed.code]).toEqual([[], [], 0]);
      } finally {
        await undo();
      }
    },
    120_000,
  );

  it('leaves nothing for the engine to change after a new ruleset and a new environment', async () => {
    try {
      await here['ruleset-missing']?.inject(worldOf(project));
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
