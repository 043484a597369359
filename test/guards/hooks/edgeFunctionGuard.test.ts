import { beforeEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { edgeFunctionGuard } from '../../../guards/edgeFunctionGuard.ts';
import { Judged } from '../../../guards/judged.ts';
import { ProductionWrites } from '../../../guards/productionWrites.ts';
import { sharedProject } from '../../support/sharedProject.ts';
import { owner, repo } from '../../sandbox/standIns/github/world.ts';
import { guardWorld, refusalOf, settingsWith, type GuardWorld } from './world.ts';

const given = guardWorld();
let world: GuardWorld;
beforeEach(() => {
  world = given();
  const updatedAt = '2026-01-01T00:00:00Z';
  world.supabase.store.update((state) => (state.secrets = { KEY: { value: 'old', updatedAt } }));
});

const secrets = (...values: readonly (readonly [string, unknown])[]) => ({
  secrets: values.map(([name, value]) => ({ name, value })),
});
const update = (before: unknown, after: unknown, outputs: unknown = before) => ({
  oldInputs: secrets(['KEY', before]),
  oldOutputs: secrets(['KEY', outputs]),
  newInputs: secrets(['KEY', after]),
});

function guard(settings = settingsWith(), vaultWasRead = true) {
  const writes = new ProductionWrites('supabase.productionChanges', settings.supabase.productionChanges);
  const services = () => ({ repository: { owner, repository: repo }, project: sharedProject.ref });
  return edgeFunctionGuard(settings, services, vaultWasRead, writes, new Judged());
}

describe('the guard of an Edge Function secret’s update', () => {
  it('runs in previews too', () => {
    expect(guard().opts).toEqual({ onDryRun: true });
  });

  it('refuses another value, in marks of secrets too, with the command that allows it', async () => {
    const marked = {
      ...update('old', 'new'),
      newInputs: pulumi.secret(secrets(['KEY', pulumi.secret('new')])) as never,
    };
    for (const write of [update('old', 'new'), marked]) {
      expect(await refusalOf(guard(), write)).toMatch(
        /^Refused.*: the Edge Function secret KEY would become another value, .*: STAGING_PRODUCTION_CHANGES=allow pulumi up --stack staging\.$/,
      );
    }
    expect(world.warned).toStrictEqual([]);
  });

  it('lets it happen where it is allowed, and announces it', async () => {
    process.env.STAGING_PRODUCTION_CHANGES = 'allow';
    expect(await refusalOf(guard(), update('old', 'new'))).toBeUndefined();
    expect(world.warned).toEqual([
      'THIS RUN WRITES PRODUCTION: KEY (Edge Functions). Allowed by this run’s environment.',
    ]);
  });

  it('lets the same value be written again, and says nothing', async () => {
    process.env.STAGING_PRODUCTION_CHANGES = 'allow';
    expect(await refusalOf(guard(), update('new', 'old'))).toBeUndefined();
    expect(world.warned).toStrictEqual([]);
  });

  it('lets a project of staging’s own have what it likes, but nothing that must never be written', async () => {
    const own = settingsWith({ supabase: { mode: 'separate-project', productionProject: 'abcdefghijklmnopqrst' } });
    expect(await refusalOf(guard(own), update('old', 'new'))).toBeUndefined();
    expect(await refusalOf(guard(own), update('old', ''))).toMatch(
      /^Refused.*: the Edge Function secret KEY would be empty.*\.$/,
    );
  });

  it('judges no value without the vault, nor one that is not known yet', async () => {
    expect(await refusalOf(guard(settingsWith(), false), update('old', 'new'))).toBeUndefined();
    expect(await refusalOf(guard(), update('old', pulumi.unknown))).toBeUndefined();
  });

  it('takes what a refresh has seen before what the last update wrote', async () => {
    const refreshed = update('old', 'new', 'of somebody');
    expect(await refusalOf(guard(), refreshed)).toContain('was changed at Supabase at 2026-01-01T00:00:00');
    const { oldInputs, newInputs } = update('old', 'new');
    expect(await refusalOf(guard(), { oldInputs, newInputs })).toContain('would become another value');
  });

  it('compares with the secret of that name alone', async () => {
    const write = {
      ...update('old', 'new'),
      newInputs: secrets(['ANOTHER', 'new']),
      oldInputs: secrets(['ANOTHER', 'x']),
    };
    expect(await refusalOf(guard(), { ...write, oldOutputs: secrets(['ANOTHER', 'x']) })).toBeUndefined();
  });

  it.each([
    ['inputs', { oldInputs: secrets(['KEY', 'old'], ['OTHER', 'x']) }],
    ['outputs', { oldOutputs: secrets(['OTHER', 'x'], ['KEY', 'old']) }],
    ['inputs and outputs', { oldInputs: secrets(['OTHER', 'x']), oldOutputs: secrets(['OTHER', 'x']) }],
  ])(
    'refuses where the state’s %s hold another secret of the project: its provider would delete it',
    async (_, more) => {
      process.env.STAGING_PRODUCTION_CHANGES = 'allow';
      expect(await refusalOf(guard(), { ...update('old', 'old'), ...more })).toContain('also holds OTHER in the state');
    },
  );

  it('asks Supabase once a run, and only when there is an update to judge', async () => {
    const hook = guard();
    expect(world.asked).toEqual([]);
    await Promise.all([refusalOf(hook, update('old', 'old')), refusalOf(hook, update('old', 'new'))]);
    expect(world.asked).toEqual([`GET /v1/projects/${sharedProject.ref}/secrets`]);
  });
});
