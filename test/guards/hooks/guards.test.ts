import { beforeEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { productionGuards } from '../../../guards/guards.ts';
import { managedPlaces } from '../../../places/places.ts';
import { repo } from '../../sandbox/standIns/github/world.ts';
import { guardWorld, netlifyInputs, onNetlify, refusalOf, settingsWith, type GuardWorld } from './world.ts';

const given = guardWorld({
  github: { branches: ['main', 'develop'], secrets: { HOOK: 'x' }, variables: { REGION: 'x' } },
});
let world: GuardWorld;
beforeEach(() => {
  world = given();
  const updatedAt = '2026-01-01T00:00:00Z';
  world.supabase.store.update((state) => (state.secrets = { KEY: { value: 'old', updatedAt } }));
});

const allowed = { netlify: { productionChanges: 'allow' }, supabase: { productionChanges: 'allow' } };
const hookOf = (hook: pulumi.ResourceHook | pulumi.ResourceHookFunction | undefined) => hook as pulumi.ResourceHook;
const secrets = (value: string) => ({ secrets: [{ name: 'KEY', value }] });

describe('the guards of one run', () => {
  it('stand before the creation of a value in each place that an update writes', async () => {
    const { placed } = productionGuards(settingsWith(), true).hooks;
    expect(Object.keys(placed).sort()).toEqual([...managedPlaces].sort());
    const taken = {
      actionsSecret: { repository: repo, secretName: 'HOOK' },
      actionsVariable: { repository: repo, variableName: 'REGION' },
      edgeFunction: secrets('x'),
    };
    for (const place of managedPlaces) {
      const [hook, ...more] = placed[place].beforeCreate ?? [];
      expect([hookOf(hook).opts, more]).toEqual([{ onDryRun: true }, []]);
      expect(await refusalOf(hookOf(hook), { newInputs: taken[place] })).toContain('is there already');
    }
  });

  it('stand before the update of an Edge Function secret, which production reads at once', async () => {
    const [hook] = productionGuards(settingsWith(), true).hooks.placed.edgeFunction.beforeUpdate ?? [];
    const write = { oldInputs: secrets('old'), oldOutputs: secrets('old'), newInputs: secrets('new') };
    expect(await refusalOf(hookOf(hook), write)).toContain('would become another value');
  });

  it('say at the end of an update what it wrote of production, each of the two by its own permission', async () => {
    onNetlify(world, [{ key: 'SUPABASE_URL', values: [{ context: 'production', value: 'p' }] }]);
    const run = productionGuards(settingsWith(allowed), true);
    const { hooks } = run;
    const inputs = (production: string) => netlifyInputs('SUPABASE_URL', { 'branch:staging': 's', production });
    expect(await refusalOf(hooks.site, { oldInputs: inputs('p'), newInputs: inputs('q') })).toBeUndefined();
    const [update] = hooks.placed.edgeFunction.beforeUpdate ?? [];
    const write = { oldInputs: secrets('old'), oldOutputs: secrets('old'), newInputs: secrets('new') };
    expect(await refusalOf(hookOf(update), write)).toBeUndefined();
    world.warned.length = 0;
    const { promise, resolve } = Promise.withResolvers<string>();
    const registering: Pick<pulumi.Resource, 'urn'> = { urn: pulumi.output(promise) };
    run.closeAfter([], [registering as pulumi.Resource]);
    await new Promise((after) => setImmediate(after));
    expect(world.warned).toEqual([
      expect.stringMatching(
        /^PRODUCTION WAS WRITTEN: SUPABASE_URL\. Take netlify\.productionChanges out: .* --stack staging$/,
      ),
    ]);
    world.warned.length = 0;
    resolve('urn');
    await new Promise((after) => setImmediate(after));
    expect(world.warned).toEqual([
      expect.stringMatching(/^PRODUCTION WAS WRITTEN: KEY\. Take supabase\.productionChanges out: .* --stack staging$/),
    ]);
  });
});
