import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { site, supabase } from '../../sandbox/process/identity.ts';
import { netlifyApi } from '../../services/netlify/netlify.ts';
import { setVariable } from '../../services/netlify/variable.ts';
import { operationsEnvironment } from '../../sandbox/process/environment.ts';
import { expectFine, startProject, type Project } from '../support/project.ts';

let project: Project;
beforeAll(async () => {
  project = await startProject({ stage: 'provisioned' });
}, 900_000);
afterAll(() => project.close());

const args = ['--emergency', '--yes', '--project', supabase.projectRef, '--reason', 'a drill'];
const killSwitch = (verb: string, env: Record<string, string> = {}) =>
  project.command('commands/killSwitch/command.ts', [verb, ...args], {
    env: { ...operationsEnvironment(project.sandbox.dir, project.sandbox.endpoints), ...env },
  });
const values = () =>
  project
    .netlify()
    .filter(({ key }) => key === 'AGENT_ACTIONS_DISABLED')
    .map(({ contextParameter, value }) => `${contextParameter ?? ''}=${value}`);

// One story: each step stands on the one before.
describe('the emergency level and the stack', () => {
  it('goes direct while the vault is down; adopt takes it in, and the next up finds it true', async () => {
    const { code, output } = await killSwitch('off', { STAGING_VAULT: 'off' });
    expect(output).toContain('Setting it directly on Netlify');
    expect(code).toBe(0);
    expect(values()).toEqual(['develop=true', 'staging=true']);
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    await expectFine(project.pulumi(['preview', '--expect-no-changes']));
  }, 240_000);

  it('restores through the stack, as false, and a later up does not undo it', async () => {
    const { output } = await killSwitch('restore');
    expect(output).toContain('AGENT_ACTIONS_DISABLED is false on Netlify (through the stack)');
    expect(values()).toEqual(['develop=false', 'staging=false']);
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
  }, 240_000);

  it('is not ended by an update, with a refresh neither, when somebody sets it on Netlify', async () => {
    const ids = { siteId: site.id, accountId: site.accountId };
    const api = netlifyApi(project.environment);
    await setVariable(api, ids, 'AGENT_ACTIONS_DISABLED', 'true', ['branch:develop', 'branch:staging']);
    const { code, output } = await project.pulumi(['up', '--yes', '--skip-preview', '--refresh']);
    expect(code).not.toBe(0);
    expect(output).toContain('if it is over: npm run kill-switch -- restore --emergency --reason TEXT');
    expect(values()).toEqual(['develop=true', 'staging=true']);
    await killSwitch('restore');
    expect(values()).toEqual(['develop=false', 'staging=false']);
  }, 240_000);

  it('goes direct while the state is down, and the next up with a refresh finds it true', async () => {
    const { output } = await killSwitch('off', { PULUMI_BACKEND_URL: 'file:///nowhere/at/all' });
    expect(output).toContain('Setting it directly on Netlify');
    expect(values()).toEqual(['develop=true', 'staging=true']);
    await expectFine(project.pulumi(['up', '--yes']));
    expect(values()).toEqual(['develop=true', 'staging=true']);
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
  }, 240_000);
});

it('is in the evidence of an incident: the last changes, and what drifts', async () => {
  const env = { ...project.environment, ...operationsEnvironment(project.sandbox.dir, project.sandbox.endpoints) };
  const ids = { siteId: site.id, accountId: site.accountId };
  await setVariable(netlifyApi(env), ids, 'SUPABASE_URL', 'https://elsewhere.example', ['branch:develop']);
  const args = ['start', '--title', 'Agents are off', '--kind', 'agents', '--yes'];
  const output = await expectFine(project.command('commands/incident/command.ts', args, { env }));
  expect(output).toMatch(/last changes: .*AGENT_ACTIONS_DISABLED \d{4}-\S+ by /);
  expect(output).toMatch(/drift: .*SUPABASE_URL.*develop.* \((low|medium|high|critical)\)/);
  expect(output).toContain("kill switch: staging's agents");
  await expectFine(project.pulumi(['up', '--yes', '--refresh', '--skip-preview']));
}, 240_000);

describe('the row of the kill switch', () => {
  const row = async () => {
    const { superuser } = await project.sandbox.standIns().supabase.database();
    return (await superuser.query('select actions_disabled, reason, updated_at from agent_runtime_config')).rows;
  };
  const sql = async (text: string) => (await project.sandbox.standIns().supabase.database()).superuser.query(text);
  const up = async (ensure: boolean, ...more: string[]) => {
    project.configure(['allincompassing:supabase', 'agentRuntimeConfig'], ensure ? 'ensure' : undefined);
    const env = operationsEnvironment(project.sandbox.dir, project.sandbox.endpoints);
    return expectFine(project.pulumi(more.length > 0 ? more : ['up', '--yes', '--skip-preview'], { env }));
  };
  const asked = () =>
    project.sandbox.log().filter(({ service, method }) => service === 'supabase' && method === 'POST').length;

  it('is made when it is missing, with its safe default; a preview shows it and asks nobody', async () => {
    await sql('delete from agent_runtime_config');
    expect(await up(true, 'preview')).toMatch(/AgentRuntimeConfig\s+agent-runtime-config\s+create/);
    expect(asked()).toBe(0);
    await up(true);
    expect(await row()).toMatchObject([{ actions_disabled: false, reason: null }]);
    expect(asked()).toBe(1);
    await up(true, 'preview', '--refresh', '--expect-no-changes');
    await up(true);
    expect(asked()).toBe(1);
  }, 240_000);

  it('stays as somebody set it: when the component goes, and when it comes again', async () => {
    await sql("update agent_runtime_config set actions_disabled = true, reason = 'an incident'");
    const before = await row();
    await up(false);
    expect(await row()).toEqual(before);
    await up(true);
    expect(asked()).toBe(2);
    expect(await row()).toEqual(before);
  }, 240_000);

  it('fails the update with what to do when the table is missing, and is made once it is there', async () => {
    await up(false);
    await sql('alter table agent_runtime_config rename to elsewhere');
    await expect(up(true)).rejects.toThrow('the application’s own migrations make it');
    await sql('alter table elsewhere rename to agent_runtime_config');
    await up(true);
    expect(asked()).toBe(4);
  }, 240_000);
});
