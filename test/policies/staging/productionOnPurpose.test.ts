import { afterEach, describe, expect, it } from '@jest/globals';
import { productionOnPurpose as policy } from '../../../policies/staging/productionOnPurpose.ts';
import { enterProgram } from '../support/program.ts';
import { resourceViolations, unknown } from '../support/run.ts';
import { both, configuration, keyed, variable } from '../support/staging.ts';

let leave: () => void = () => undefined;
afterEach(() => leave());

const name = 'SUPABASE_SERVICE_ROLE_KEY';
const where = `${name} is declared for production, which production reads,`;
const advice = (key: string) => `Give it its own reference: values.${key}.production.`;

describe('production-only-on-purpose', () => {
  it('accepts staging’s own contexts in every mode', async () => {
    ({ leave } = enterProgram({}));
    await expect(resourceViolations(policy, variable(name, { ...both('x'), 'branch-deploy': 'x' }))).resolves.toEqual(
      [],
    );
  });

  it('accepts production in shared-site mode with its own reference, and the shared organisation id', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(resourceViolations(policy, variable(name, { production: 'x' }, true))).resolves.toEqual([]);
    await expect(resourceViolations(policy, variable('DEFAULT_ORGANIZATION_ID', { production: 'x' }))).resolves.toEqual(
      [],
    );
  });

  it('accepts production as staging’s own context on a separate site, for a key without any other source', async () => {
    const separate = configuration();
    Object.assign(separate.netlify, { mode: 'separate-site', site: 'staging', productionSite: 'production' });
    separate.netlify.contexts = ['production'];
    ({ leave } = enterProgram(keyed(separate)));
    for (const key of [name, 'SUPABASE_URL', 'SUPABASE_ACCESS_TOKEN'])
      await expect(resourceViolations(policy, variable(key, { production: 'x' }))).resolves.toEqual([]);
    await expect(resourceViolations(policy, variable('SUPABASE_URL', { all: 'x' }))).resolves.toEqual([
      'SUPABASE_URL is declared for all, which production reads, but neither contexts nor otherContexts names it. Give it its own reference: otherContexts.all.',
    ]);
  });

  it('finds production on a separate site that is production’s own, and where nothing is configured', async () => {
    const expected = [
      `${where} but the stack declares neither a shared site nor a separate one with production’s own beside it. Remove the context, or set mode: shared-site.`,
    ];
    const changed = configuration();
    Object.assign(changed.netlify, { mode: 'separate-site', site: 'one', productionSite: 'ONE' });
    changed.netlify.contexts = ['production'];
    ({ leave } = enterProgram(keyed(changed)));
    await expect(resourceViolations(policy, variable(name, { production: 'x' }))).resolves.toEqual(expected);
    leave();
    delete (changed.netlify as { productionSite?: string }).productionSite;
    ({ leave } = enterProgram(keyed(changed)));
    await expect(resourceViolations(policy, variable(name, { production: 'x' }))).resolves.toEqual(expected);
    leave();
    ({ leave } = enterProgram({}));
    await expect(resourceViolations(policy, variable(name, { production: 'x' }))).resolves.toEqual(expected);
  });

  it('finds production without a reference of its own', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(resourceViolations(policy, variable('SUPABASE_URL', { production: 'x' }))).resolves.toEqual([
      `SUPABASE_URL is declared for production, which production reads, but the value has no source for it. ${advice('SUPABASE_URL')}`,
    ]);
  });

  it('finds production with staging’s reference, or with none', async () => {
    const changed = configuration();
    changed.values[name] = { from: 'op://A/B/c', production: 'op://A/B/c', netlify: true };
    ({ leave } = enterProgram(keyed(changed)));
    await expect(resourceViolations(policy, variable(name, { production: 'x' }))).resolves.toEqual([
      `${where} but from staging’s reference. ${advice(name)}`,
    ]);
    leave();
    changed.values[name] = { from: 'op://A/B/c', production: 'literal', netlify: true };
    ({ leave } = enterProgram(keyed(changed)));
    await expect(resourceViolations(policy, variable(name, { production: 'x' }))).rejects.toThrow(
      `values.${name}.production: must be organizationId or a 1Password reference`,
    );
  });

  it('knows a variable by its name on Netlify, and names the value that it has', async () => {
    const changed = configuration();
    changed.values[name] = { from: 'op://A/B/c', production: 'op://A/B/d', netlify: ['VITE_ALIAS', { as: 'OTHER' }] };
    changed.values.LONE = { from: 'op://A/B/e', netlify: { as: 'LONE_ALIAS', otherContexts: { all: 'op://A/B/f' } } };
    ({ leave } = enterProgram(keyed(changed)));
    for (const alias of ['VITE_ALIAS', 'OTHER'])
      await expect(resourceViolations(policy, variable(alias, { production: 'x' }))).resolves.toEqual([]);
    await expect(resourceViolations(policy, variable('LONE_ALIAS', { all: 'x' }))).resolves.toEqual([]);
    await expect(resourceViolations(policy, variable('LONE_ALIAS', { production: 'x' }))).resolves.toEqual([
      `LONE_ALIAS is declared for production, which production reads, but the value has no source for it. ${advice('LONE')}`,
    ]);
    // Under the value's own name there is nothing on Netlify.
    await expect(resourceViolations(policy, variable(name, { production: 'x' }))).resolves.toEqual([
      expect.stringContaining(where),
    ]);
  });

  it('takes production’s source for that of a shared site alone', async () => {
    const separate = configuration();
    Object.assign(separate.netlify, { mode: 'separate-site', site: 'staging', productionSite: 'production' });
    ({ leave } = enterProgram(keyed(separate)));
    await expect(resourceViolations(policy, variable(name, { production: 'x' }))).resolves.toEqual([
      expect.stringContaining(where),
    ]);
  });

  it('finds the context `all`, known value or not', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(resourceViolations(policy, variable(name, { all: unknown }))).resolves.toEqual([
      `${name} is declared for all, which production reads, but the value has no source for it. Give it its own reference: otherContexts.all.`,
    ]);
  });

  it('accepts wrong types', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(
      resourceViolations(policy, { ...variable(name, {}), props: { key: name, values: 'production' } }),
    ).resolves.toEqual([]);
    await expect(
      resourceViolations(policy, { type: 'acme:index:Site', props: { context: 'production' } }),
    ).resolves.toEqual([]);
  });
});
