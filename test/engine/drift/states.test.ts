import { join, resolve } from 'node:path';
import { symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicationStates, layApplication } from '../../../sandbox/application/layApplication.ts';
import { drift } from '../../support/drift/driftProject.ts';
import { expectFine, startProject, type Project } from '../../support/project.ts';

// A busy machine may take its time to sign in.
const env = { STAGING_VAULT_TIMEOUT: '240' };
const everything = { vault: true, database: true, env };
const production = 'production (op://Platform/Supabase/production_service_role_key)';

describe.each(applicationStates)('the application in its state %s, adopted as it is', (state) => {
  let project: Project;
  let application: string;
  beforeAll(async () => {
    project = await startProject({ application: state, stage: 'provisioned' });
    for (const shared of ['commands', 'pipeline']) symlinkSync(resolve(shared), join(project.root, shared));
    application = join(project.root, 'application');
    layApplication(state, application);
    await expectFine(project.command('commands/pipeline/command.ts', ['apply', application, '--yes', '--no-lock']));
  }, 900_000);
  afterAll(() => project.close());

  it('has no drift, and what cannot be judged there is named', async () => {
    const { code, found, errors, notChecked } = await drift(project, ['--app', application], everything);
    // Who reads what is no drift of this stack's: the declaration is the playbook's, and the application reads some of it elsewhere.
    const own = found.filter(({ kind }) => !/^value-(not|read)-/.test(kind));
    expect([code, own, errors]).toEqual([2, [], []]);
    expect(found.map(({ id }) => id)).toContain('value-read-elsewhere:netlify/SUPABASE_ACCESS_TOKEN');
    const absent = notChecked.filter((line) => line.includes('GitHub has no such branch, and had none'));
    expect(absent).toHaveLength(state === 'newest' ? 1 : 0);
  }, 600_000);

  it('names who else holds a key that is rotated for staging alone: before, in the update, after', async () => {
    project.sandbox.standIns().onepassword.vault.rotate('service_role_key');
    const { found } = await drift(project, [], everything);
    const note = found.find(({ kind }) => kind === 'vault-value-changed')?.fix.note;
    expect(note).toContain(`The old one stays in SUPABASE_SERVICE_ROLE_KEY in ${production}: do not revoke it`);

    const output = (await expectFine(project.pulumi(['up', '--yes']))).replace(/\s+/g, ' ');
    expect(output).toContain(`THE OLD ONE IS STILL HELD by ${production}. Do not revoke the old key before`);
    const outputs = await expectFine(project.pulumi(['stack', 'output', '--json']));
    expect(JSON.parse(outputs)).toMatchObject({ otherHolders: { SUPABASE_SERVICE_ROLE_KEY: [production] } });

    const after = await drift(project, [], { vault: true, env });
    expect(after.found).toEqual([]);
    expect(after.notChecked.join('\n')).toContain(
      `SUPABASE_SERVICE_ROLE_KEY is another one in ${production} than for staging. Revoke neither while a place holds it.`,
    );
  }, 600_000);
});
