import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { secretMark, type Export } from '../../../engine/deployment.ts';
import { refreshInProgram } from '../../../engine/pulumi.ts';
import { injectionsFor, standTogether, type Injection, type World } from '../../../sandbox/drift/injection.ts';
import { injections as every } from '../../../sandbox/drift/injections.ts';
import { sandboxPaths } from '../../../sandbox/process/paths.ts';
import { fileSettings } from '../../../settings/stack/file.ts';
import { canarySearch, canaryValues, filesWith, liveValues } from '../../support/canaries.ts';
import { snapshot, worldOf } from '../../support/drift/driftProject.ts';
import { startProject, type Project } from '../../support/project.ts';

const injections = injectionsFor('ruleset', every);

/** Somebody makes every secret key of the site readable. */
const allReadable: Injection = {
  title: 'make every secret key plain',
  touches: [],
  inject: ({ netlify }: World) =>
    netlify.store.update(({ variables }) => {
      for (const variable of Object.values(variables).flat()) variable.is_secret = false;
    }),
};

/** A refresh ends there with an error, before it has read everything: apart from the others. */
const endsRefresh = ['variable-missing', 'branch-missing', 'ruleset-missing'];

/** Kinds that no value has a part in: they may hide one another here. */
const ofRules = (name: string) =>
  /^(?:admins|branch|check|deletion|force|kill|other|protection|required|review|ruleset)/.test(name);

/** The kinds in groups, so that a few runs see all of them: those that change values only where they stand together. */
function groups(): string[][] {
  const names = Object.keys(injections).filter((name) => !endsRefresh.includes(name));
  const found: string[][] = [];
  for (const name of names.filter((each) => !ofRules(each))) {
    const injection = injections[name];
    const group = found.find((others) =>
      others.every((other) => {
        const there = injections[other];
        return there !== undefined && injection !== undefined && standTogether(there, injection);
      }),
    );
    if (group) group.push(name);
    else found.push([name]);
  }
  // The check's own run goes last: what changes it needs it.
  const rules = names.filter(ofRules);
  const gone = 'check-never-reported';
  return [
    ...found,
    [...rules.filter((name) => name !== gone), gone],
    ['variable-missing'],
    ['branch-missing', 'ruleset-missing'],
  ];
}

const cases: readonly (readonly [string, readonly Injection[]])[] = [
  ['every secret key made plain by hand', [allReadable]],
  ...groups().map((names): readonly [string, readonly Injection[]] => [
    names.join(', '),
    names.flatMap((name) => injections[name] ?? []),
  ]),
];

/** How the state holds the two lists of a key that was made plain: the provider has filled the one that is not declared. */
async function listsInState(project: Project): Promise<Record<string, string>> {
  const { output } = await project.pulumi(['stack', 'export']);
  const { deployment } = JSON.parse(output) as Export;
  const resource = deployment.resources?.find(({ urn }) => urn.endsWith('::netlify-SUPABASE_ACCESS_TOKEN'));
  const held = (value: unknown) =>
    value === undefined
      ? 'absent'
      : typeof value === 'object' && value !== null && secretMark in value
        ? 'secret'
        : 'plain';
  return Object.fromEntries(['values', 'secretValues'].map((list) => [list, held(resource?.outputs?.[list])]));
}

let project: Project;
let restore: () => Promise<void>;
beforeAll(async () => {
  project = await startProject({ stage: 'provisioned', configuration: [[['github:writeDelayMs'], '1']] });
  restore = snapshot(project);
}, 900_000);
afterAll(() => project.close());

it('each kind of drift that the sandbox can make is in a group', () => {
  expect(new Set(groups().flat())).toEqual(new Set(Object.keys(injections)));
});

describe('no value appears after drift, whatever refreshes', () => {
  it.each(cases)(
    '%s',
    async (_, drift) => {
      await restore();
      const keys = fileSettings(project.root, 'staging', {}).netlify.variables.map(({ name }) => name);
      const before = [...canaryValues(project), ...liveValues(project, keys)];
      for (const each of drift) await each.inject(worldOf(project));
      const find = canarySearch([...before, ...canaryValues(project), ...liveValues(project, keys)]);
      const [plan, events] = ['plan.json', 'events.json'].map((name) => join(project.root, name));
      const runs: readonly (readonly [readonly string[], Record<string, string>?])[] = [
        [['preview', '--refresh', '--diff', '--event-log', events ?? '']],
        [['preview', '--refresh', '--json'], refreshInProgram],
        [['preview', '--refresh', '--save-plan', plan ?? ''], { PULUMI_EXPERIMENTAL: 'true' }],
        [['refresh', '--yes', '--diff', '--show-sames']],
        [['stack', 'export']],
        [['stack', 'output', '--json']],
      ];
      for (const [args, env = {}] of runs) {
        // A guard refuses some of it, and a provider reports what is gone: what they print counts, not whether.
        const { output } = await project.pulumi(args, { env });
        expect({ args, found: find(output) }).toEqual({ args, found: [] });
      }
      if (drift.includes(allReadable))
        expect(await listsInState(project)).toEqual({ values: 'secret', secretValues: 'secret' });
      const links = ['node_modules', 'launch', 'sdks', 'policies', 'index.ts'].map((name) => join(project.root, name));
      const state = sandboxPaths(project.sandbox.dir).pulumiState;
      expect([...filesWith(find, state), ...filesWith(find, project.root, links)]).toEqual([]);
    },
    300_000,
  );
});
