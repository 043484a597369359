import { afterEach, describe, expect, it } from '@jest/globals';
import { productionOnPurpose as policy } from '../../../policies/staging/productionOnPurpose.ts';
import { enterProgram } from '../support/program.ts';
import { resourceViolations, unknown } from '../support/run.ts';
import { both, configuration, keyed, variable } from '../support/staging.ts';

let leave: () => void = () => undefined;
afterEach(() => leave());

const name = 'SUPABASE_SERVICE_ROLE_KEY';
const where = `${name} is declared for production, which production reads,`;
const advice = 'Give it its own reference under otherContexts.production.';

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
      'SUPABASE_URL is declared for all, which production reads, but neither contexts nor otherContexts names it. Give it its own reference under otherContexts.all.',
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
      `SUPABASE_URL is declared for production, which production reads, but otherContexts does not name it. ${advice}`,
    ]);
  });

  it('finds production with staging’s reference, or with none', async () => {
    const changed = configuration();
    changed.netlify.variables[name] = { from: 'op://A/B/c', otherContexts: { production: 'op://A/B/c' } };
    ({ leave } = enterProgram(keyed(changed)));
    await expect(resourceViolations(policy, variable(name, { production: 'x' }))).resolves.toEqual([
      `${where} but from staging’s reference. ${advice}`,
    ]);
    leave();
    changed.netlify.variables[name] = { from: 'op://A/B/c', otherContexts: { production: 'literal' } };
    ({ leave } = enterProgram(keyed(changed)));
    await expect(resourceViolations(policy, variable(name, { production: 'x' }))).resolves.toEqual([
      `${where} but from no reference. ${advice}`,
    ]);
  });

  it('finds the context `all`, known value or not', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(resourceViolations(policy, variable(name, { all: unknown }))).resolves.toEqual([
      `${name} is declared for all, which production reads, but otherContexts does not name it. Give it its own reference under otherContexts.all.`,
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
