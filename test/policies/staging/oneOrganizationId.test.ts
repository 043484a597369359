import { afterEach, describe, expect, it } from '@jest/globals';
import { oneOrganizationId as policy } from '../../../policies/staging/oneOrganizationId.ts';
import { random } from '../support/made.ts';
import { enterProgram } from '../support/program.ts';
import { stackViolations, unknown } from '../support/run.ts';
import { both, configuration, keyed, organizationId, secret, variable } from '../support/staging.ts';

let leave: () => void = () => undefined;
afterEach(() => leave());

const name = 'DEFAULT_ORGANIZATION_ID';
const sound = [variable(name, { ...both(organizationId), production: organizationId }), secret(name, organizationId)];

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

  it('finds a second source even while both give the same id', async () => {
    const changed = configuration();
    changed.netlify.variables[name] = {
      from: 'op://Other/Item/id',
      otherContexts: { production: 'op://Other/Item/id' },
    };
    changed.github.secrets[name] = { from: 'op://Other/Item/id' };
    ({ leave } = enterProgram(keyed(changed)));
    await expect(stackViolations(policy, sound)).resolves.toEqual([
      'netlify.variables.DEFAULT_ORGANIZATION_ID.from is a second source of DEFAULT_ORGANIZATION_ID. Set it to organizationId.',
      'netlify.variables.DEFAULT_ORGANIZATION_ID.otherContexts.production is a second source of DEFAULT_ORGANIZATION_ID. Set it to organizationId.',
      'github.secrets.DEFAULT_ORGANIZATION_ID.from is a second source of DEFAULT_ORGANIZATION_ID. Set it to organizationId.',
    ]);
  });

  it('takes another variable by configuration', async () => {
    ({ leave } = enterProgram({}));
    const resources = [variable('TENANT', both(organizationId)), secret('TENANT', random.uuid())];
    await expect(stackViolations(policy, resources, { variable: 'TENANT' })).resolves.toHaveLength(1);
    await expect(stackViolations(policy, resources)).resolves.toEqual([]);
  });

  it('accepts unknown values, and finds a wrong type as a difference', async () => {
    ({ leave } = enterProgram(keyed()));
    await expect(
      stackViolations(policy, [variable(name, both(unknown)), secret(name, organizationId)]),
    ).resolves.toEqual([]);
    await expect(
      stackViolations(policy, [variable(name, both(organizationId)), secret(name, 5)]),
    ).resolves.toHaveLength(1);
  });
});
