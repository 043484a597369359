import { afterEach, describe, expect, it } from '@jest/globals';
import { oneOrganizationId as policy } from '../../../policies/staging/oneOrganizationId.ts';
import { random } from '../support/made.ts';
import { enterProgram } from '../support/program.ts';
import { stackViolations, unknown } from '../support/run.ts';
import {
  actionsVariable,
  both,
  configuration,
  edgeFunction,
  keyed,
  organizationId,
  secret,
  variable,
} from '../support/staging.ts';

let leave: () => void = () => undefined;
afterEach(() => leave());

const name = 'DEFAULT_ORGANIZATION_ID';
const sound = [
  variable(name, { ...both(organizationId), production: organizationId }),
  secret(name, organizationId),
  actionsVariable(name, organizationId),
  edgeFunction(name, organizationId),
];

describe('one-organization-id', () => {
  it('accepts one id from one source on all targets', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(stackViolations(policy, sound)).resolves.toEqual([]);
  });

  it('finds a different id in one context', async () => {
    ({ leave } = enterProgram(keyed()));
    const resources = [
      variable(name, { ...both(organizationId), production: random.uuid() }),
      secret(name, organizationId),
    ];
    await expect(stackViolations(policy, resources)).resolves.toEqual([
      'DEFAULT_ORGANIZATION_ID of Netlify (production) differs from that of Netlify (branch:staging). Derive both from the one organizationId.',
    ]);
  });

  it('finds a different id in the GitHub secret', async () => {
    ({ leave } = enterProgram(keyed()));
    const resources = [sound[0] ?? secret('', ''), secret(name, random.uuid())];
    for (const registered of [resources, [...resources].reverse()]) {
      await expect(stackViolations(policy, registered)).resolves.toEqual([
        'DEFAULT_ORGANIZATION_ID of GitHub (repository) differs from that of Netlify (branch:staging). Derive both from the one organizationId.',
      ]);
    }
  });

  it.each([
    ['GitHub (repository)', actionsVariable],
    ['GitHub (qa)', (key: string, value: string) => actionsVariable(key, value, 'qa')],
    ['Supabase (Edge Functions)', edgeFunction],
  ])('finds a different id in %s', async (place, declare) => {
    ({ leave } = enterProgram(keyed()));
    await expect(stackViolations(policy, [...sound, declare(name, random.uuid())])).resolves.toEqual([
      `DEFAULT_ORGANIZATION_ID of ${place} differs from that of Netlify (branch:staging). Derive both from the one organizationId.`,
    ]);
  });

  it.each(['netlify', 'actionsSecret', 'actionsVariable', 'edgeFunction', 'localFile'])(
    'finds a second source under that name, by an alias in %s',
    async (place) => {
      const changed = configuration();
      changed.values.TENANT = { from: 'op://Other/Item/id', [place]: ['TENANT', { as: name }] };
      changed.values[name] = { from: 'organizationId', [place]: 'OTHER' };
      ({ leave } = enterProgram(keyed(changed)));
      await expect(stackViolations(policy, sound)).resolves.toEqual([
        'values.TENANT.from is a second source of DEFAULT_ORGANIZATION_ID. Set it to organizationId.',
      ]);
    },
  );

  it('finds a second source even while both give the same id', async () => {
    const changed = configuration();
    changed.values[name] = {
      ...{ from: 'op://Other/Item/id', production: 'op://Other/Item/id' },
      ...{ netlify: { otherContexts: { dev: 'op://Other/Item/id' } }, actionsSecret: true },
    };
    ({ leave } = enterProgram(keyed(changed)));
    await expect(stackViolations(policy, sound)).resolves.toEqual([
      'values.DEFAULT_ORGANIZATION_ID.from is a second source of DEFAULT_ORGANIZATION_ID. Set it to organizationId.',
      'values.DEFAULT_ORGANIZATION_ID.production is a second source of DEFAULT_ORGANIZATION_ID. Set it to organizationId.',
      'values.DEFAULT_ORGANIZATION_ID.netlify.otherContexts.dev is a second source of DEFAULT_ORGANIZATION_ID. Set it to organizationId.',
    ]);
  });

  it('takes another variable by configuration', async () => {
    ({ leave } = enterProgram({}));
    const resources = [variable('TENANT', both(organizationId)), secret('TENANT', random.uuid())];
    await expect(stackViolations(policy, resources, { variable: 'TENANT' })).resolves.toEqual([
      'TENANT of GitHub (repository) differs from that of Netlify (branch:staging). Derive both from the one organizationId.',
    ]);
    await expect(stackViolations(policy, resources)).resolves.toEqual([]);
  });

  it('accepts unknown values, and finds a wrong type as a difference', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(
      stackViolations(policy, [variable(name, both(unknown)), secret(name, organizationId)]),
    ).resolves.toEqual([]);
    await expect(stackViolations(policy, [variable(name, both(organizationId)), secret(name, 5)])).resolves.toEqual([
      expect.stringContaining('DEFAULT_ORGANIZATION_ID of GitHub (repository) differs from that of Netlify'),
    ]);
  });
});
