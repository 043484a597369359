import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { site } from '../../../sandbox/process/identity.ts';
import { seedNetlify } from '../../../sandbox/standIns/netlify/index.ts';
import { drift } from '../../support/drift/driftProject.ts';
import { expectFine, startProject, type Project } from '../../support/project.ts';

const canary = ['team', 'value', Math.random()].join('-');
const told = 'OPENAI_API_KEY is a variable of the whole team on Netlify too';
let project: Project;

beforeAll(async () => {
  project = await startProject();
  project.configure(['github:writeDelayMs'], '1');
  const { netlify } = project.sandbox.standIns();
  const others = Array.from({ length: 120 }, (_, at) => ({
    id: `11111111-2222-4333-8444-${String(at).padStart(12, '0')}`,
    name: `${site.name}-${at}`,
    subdomain: `shop-${at}`,
  }));
  const shared = { key: 'OPENAI_API_KEY', siteId: null, values: [{ context: 'production', value: canary }] } as const;
  seedNetlify(netlify, { sites: others, variables: [shared] });
  netlify.store.update((state) => state.sites.reverse());
}, 900_000);
afterAll(() => project.close());

describe('a site by its name on a later page, beside a team-wide variable of a declared key', () => {
  it('is adopted, and the plan tells of the variable', async () => {
    const output = await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    expect(output).toContain(`know       ${told}`);
    expect(output).toContain('it is read in production');
    expect(output).not.toContain(canary);
  }, 120_000);

  it('is found by the program, and the preview warns of the variable once', async () => {
    const output = await expectFine(project.pulumi(['preview']));
    const [, diagnostics = ''] = output.split('Diagnostics:');
    expect(diagnostics.split(`warning: ${told}`)).toHaveLength(2);
    expect(diagnostics).not.toContain('error');
    expect(output).not.toContain(canary);
  }, 120_000);

  it('is provisioned, and drift tells of the variable without counting it', async () => {
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    const { code, found, notChecked } = await drift(project);
    expect([code, found]).toEqual([0, []]);
    expect(notChecked).toEqual(expect.arrayContaining([expect.stringContaining(told)]));
  }, 120_000);

  it('that is misspelt ends the preview in one line that says where to correct it', async () => {
    project.configure(['allincompassing:netlify', 'site'], `${site.name}-none`);
    const { code, output } = await project.pulumi(['preview']);
    expect([code === 0, output]).toEqual([
      false,
      expect.stringContaining(`Netlify has no site ${site.name}-none in the`),
    ]);
    expect(output).not.toContain('    at ');
  }, 120_000);
});
