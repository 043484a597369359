import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectFine, provision, startProject, type Project } from '../support/project.ts';

let project: Project;
beforeAll(async () => {
  project = await startProject();
  await provision(project);
}, 900_000);
afterAll(() => project.close());

const args = ['--emergency', '--yes', '--reason', 'a drill', '--redeploy', 'none'];
const killSwitch = (verb: string, more: readonly string[] = [], env: Record<string, string> = {}) =>
  project.command('operations/killSwitch.ts', [verb, ...args, ...more], { env });
const values = () =>
  project
    .netlify()
    .filter(({ key }) => key === 'AGENT_ACTIONS_DISABLED')
    .map(({ contextParameter, value }) => `${contextParameter ?? ''}=${value}`);

// One story: each step stands on the one before.
describe('the emergency level and the stack', () => {
  it('goes direct while the vault is down; adopt takes it in, and the next up finds it true', async () => {
    const { code, output } = await killSwitch('off', [], { STAGING_VAULT: 'off' });
    expect(output).toContain('Setting it directly on Netlify');
    expect(code).toBe(2); // no redeploy was wanted, so it is not proved
    expect(values()).toEqual(['develop=true', 'staging=true']);
    await expectFine(project.command('operations/adopt.ts', ['--yes']));
    await expectFine(project.pulumi(['preview', '--expect-no-changes']));
  }, 240_000);

  it('restores through the stack, as false, and a later up does not undo it', async () => {
    const { output } = await killSwitch('restore');
    expect(output).toContain('AGENT_ACTIONS_DISABLED is false on Netlify (through the stack)');
    expect(values()).toEqual(['develop=false', 'staging=false']);
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
  }, 240_000);

  it('goes direct while the state is down, and the next up with a refresh finds it true', async () => {
    const { output } = await killSwitch('off', [], { PULUMI_BACKEND_URL: 'file:///nowhere/at/all' });
    expect(output).toContain('Setting it directly on Netlify');
    expect(values()).toEqual(['develop=true', 'staging=true']);
    await expectFine(project.pulumi(['up', '--yes']));
    expect(values()).toEqual(['develop=true', 'staging=true']);
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
  }, 240_000);
});
