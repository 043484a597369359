import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../support/command.ts';
import { copyFixture } from '../../support/fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'render-'));
  copyFixture(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const render = (...args: string[]) => runCommand('commands/render/command.ts', args, {}, folder);
const edit = (change: (text: string) => string) => {
  const file = join(folder, 'Pulumi.staging.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

describe('npm run render', () => {
  it('prints the same declarations each time, without any access', async () => {
    const [first, second] = [await render(), await render()];
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toBe(first.stdout);
    expect(first.stdout).toContain('netlify:index/environmentVariable:EnvironmentVariable netlify-SUPABASE_URL:');
    expect(first.stdout).toContain('value: "[op://Platform/Supabase/production_url]"');
  });

  it('changes by the lines of what changed, so that base and head can be compared', async () => {
    const base = (await render()).stdout.split('\n');
    edit((text) => text.replace('op://Platform/Supabase/openai_api_key', 'op://Platform/Supabase/another_key'));
    const head = (await render()).stdout.split('\n');
    const changed = head.filter((line, index) => line !== base[index]);
    expect(changed).toEqual(Array(2).fill('      value: "[op://Platform/Supabase/another_key]"'));
  });

  it('reads the file that pulumi would, where one is chosen', async () => {
    const chosen = join(folder, 'chosen.yaml');
    const own = readFileSync(join(folder, 'Pulumi.staging.yaml'), 'utf8');
    writeFileSync(chosen, own.replace('op://Platform/Supabase/openai_api_key', 'op://Platform/Supabase/chosen_key'));
    const env = { PULUMI_OPTION_CONFIG_FILE: chosen };
    const { stdout } = await runCommand('commands/render/command.ts', [], env, folder);
    expect(stdout).toContain('[op://Platform/Supabase/chosen_key]');
    expect(stdout).not.toContain('openai_api_key');
  });

  it('masks a literal, except a switch', async () => {
    const literal = ['not', 'for', 'eyes'].join('-');
    edit((text) =>
      text.replace(
        '    OPENAI_API_KEY:',
        `    AGENT_ACTIONS_DISABLED: {value: 'true', netlify: true}\n    NOTE: {value: ${literal}, netlify: true}\n    OPENAI_API_KEY:`,
      ),
    );
    const { stdout } = await render();
    expect(stdout).not.toContain(literal);
    expect(stdout).toMatch(/value: "\*{4} \(sha256 [0-9a-f]{8}\)"/);
    expect(stdout).toContain('value: "true"');
    edit((text) => text.replace(literal, `${literal}-2`));
    expect((await render()).stdout).not.toBe(stdout);
  });

  it.each([
    ['    onRemoval: retain', '    productionChanges: allow', 'productionChanges: allow'],
    ['      branch: develop', '      branch: develop\n      removals: allow', 'removals: allow'],
    [
      '    project: wnnjeqheqxxyrgsjmygy',
      '    project: wnnjeqheqxxyrgsjmygy\n    agentRuntimeConfig: ensure',
      'agentRuntimeConfig: ensure',
    ],
  ])('shows a setting that is in no resource: instead of %j, %j', async (before, after, line) => {
    edit((text) => text.replace(before, after));
    const { stdout } = await render();
    expect(stdout.split('\n').filter((each) => each.trim() === line)).toHaveLength(1);
  });

  it('prints JSON', async () => {
    const { stdout } = await render('--json');
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toHaveLength(12);
  });

  it.each([
    [['staging'], 'It takes no arguments besides its options.\n--help shows how it is called.\n'],
    [['--frobnicate'], "Unknown option '--frobnicate'.\n--help shows how it is called.\n"],
    [['--stack', '--json'], "Option '--stack' argument is ambiguous.\n--help shows how it is called.\n"],
    [['--stack', 'nope'], '(Pulumi.nope.yaml):\n  - there is no such file'],
  ])('refuses the call %j in one sentence', async (args, message) => {
    const { code, stdout, stderr } = await render(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  it.each<[string, (text: string) => string, string]>([
    ['a wrong setting', (text) => text.replace('mode: shared-site', 'mode: shared'), 'allincompassing:netlify.mode:'],
    ['a file that is not YAML', () => '{', '(Pulumi.staging.yaml):\n  - line 1, column 2 is not YAML'],
  ])('explains %s, exit code 1', async (_, change, message) => {
    edit(change);
    const { code, stdout, stderr } = await render();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n +at /);
  });

  it('explains an unknown option, and --help', async () => {
    expect((await render('--jsn')).stderr).toContain("Unknown option '--jsn'");
    expect(await render('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('npm run render') });
  });
});
