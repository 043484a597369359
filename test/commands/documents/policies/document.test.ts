import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { secretsPolicies } from '../../../../policies/secrets/policies.ts';
import { runCommand } from '../../../support/command.ts';
import { stagingPolicies } from '../../../../policies/staging/policies.ts';

const policies = [...secretsPolicies, ...stagingPolicies];

describe('the policies', () => {
  it.each(policies.map((policy) => [policy.name, policy] as const))(
    '%s says all that a reader needs, and is mandatory',
    (name, policy) => {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(['mandatory', 'remediate']).toContain(policy.enforcementLevel);
      expect(policy.severity).toMatch(/^(critical|high|medium|low)$/);
      expect(policy.displayName?.length).toBeGreaterThan(8);
      expect(policy.description.length).toBeGreaterThan(40);
      expect(policy.remediationSteps?.length).toBeGreaterThan(20);
      for (const property of Object.values(policy.configSchema?.properties ?? {})) {
        expect((property as { description?: string }).description?.length).toBeGreaterThan(10);
      }
    },
  );

  it('have names of their own', () => {
    expect(new Set(policies.map(({ name }) => name)).size).toBe(policies.length);
  });

  it('are documented by docs/policies.md as they are now', async () => {
    const { code, stderr } = await runCommand('commands/documents/policies/command.ts', ['--check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }, 60_000);

  it('are all in docs/policies.md', () => {
    const text = readFileSync('docs/policies.md', 'utf8');
    for (const { name, remediationSteps = '' } of policies) {
      expect(text).toContain(`\`${name}\``);
      expect(text).toContain(remediationSteps.slice(0, 20));
    }
  });
});
