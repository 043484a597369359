import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { injections } from '../../sandbox/drift/injections.ts';
import { canarySearch, canaryValues } from '../support/canaries.ts';
import { worldOf } from '../support/drift/driftProject.ts';
import { expectFine, startProject, type Project } from '../support/project.ts';

const history = z.object({
  places: z.array(
    z.object({
      title: z.string(),
      source: z.string(),
      fingerprint: z.string(),
      write: z.object({ command: z.string(), approval: z.string().optional(), outcome: z.string() }).optional(),
      update: z.object({ start: z.string() }).optional(),
      earlier: z.array(z.object({ command: z.string() })),
    }),
  ),
  trail: z.object({ signaturesChecked: z.boolean(), problems: z.array(z.object({ line: z.number() })) }),
});

let project: Project;
beforeAll(async () => {
  project = await startProject({ stage: 'provisioned', configuration: [[['github:writeDelayMs'], '1']] });
}, 300_000);
afterAll(() => project.close());

async function ask(value: string) {
  const { code, output } = await project.command('commands/history/command.ts', [value, '--json']);
  return { code, ...history.parse(JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1))) };
}

describe('npm run history', () => {
  it('tells what a rotation of the vault’s value wrote, by an update', async () => {
    const before = await ask('SLACK_WEBHOOK_URL');
    project.sandbox.standIns().onepassword.vault.rotate('slack_webhook_url');
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    const { code, places, trail } = await ask('SLACK_WEBHOOK_URL');
    expect(code).toBe(0);
    expect(trail).toEqual({ signaturesChecked: true, problems: [] });
    expect(places.map(({ title, source, write }) => [title, source, write?.command, write?.outcome])).toEqual([
      ['GitHub Actions secret', 'trail', 'pulumi up', 'done'],
    ]);
    expect(places[0]?.fingerprint).not.toBe(before.places[0]?.fingerprint);
  }, 120_000);

  it('tells what drift --fix wrote, and the update before it', async () => {
    await injections['variable-missing']?.inject(worldOf(project));
    const { output } = await project.command('commands/drift/command.ts', ['--fix', '--yes']);
    expect(output).toMatch(/^fixed /m);
    const { places } = await ask('OPENAI_API_KEY');
    const netlify = places.filter(({ title }) => title.startsWith('Netlify'));
    expect(netlify.map(({ source, write }) => [source, write?.outcome, write?.approval])).toEqual([
      ['trail', 'done', '--yes'],
      ['trail', 'done', '--yes'],
    ]);
  }, 120_000);

  it('shows no value, in the trail neither', async () => {
    const found = canarySearch(canaryValues(project));
    const { output } = await project.command('commands/history/command.ts', []);
    expect(output).toContain('OPENAI_API_KEY');
    expect(found(output)).toEqual([]);
    expect(found(readFileSync(trailFile(), 'utf8'))).toEqual([]);
  }, 60_000);

  it('names the line that somebody changed, and ends with 2', async () => {
    const file = trailFile();
    const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [first.replace(/"by":"[^"]*"/, '"by":"nobody"'), ...rest].join('\n'));
    const { code, output } = await project.command('commands/history/command.ts', []);
    expect(output).toContain(`${file}:1: the line was changed`);
    expect(code).toBe(2);
  }, 60_000);
});

function trailFile(): string {
  return z.string().parse(project.environment.STAGING_AUDIT_FILE);
}
