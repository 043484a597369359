import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { runCommand } from '../support/command.ts';

const entry = 'commands/readers/command.ts';
const environment = { PULUMI_OPTION_CONFIG_FILE: join(process.cwd(), 'test/fixture/Pulumi.staging.yaml') };

describe('npm run readers', () => {
  it('finds in the twin that a token is on Netlify and only jobs and scripts read it', async () => {
    const { code, stdout, stderr } = await runCommand(
      entry,
      ['sandbox/app', '--json', '--value', 'SUPABASE_ACCESS_TOKEN'],
      environment,
    );
    expect(stderr).toBe('');
    expect(code).toBe(2);
    const { rows } = JSON.parse(stdout) as { rows: { place: string; status: string; severity: string }[] };
    expect(rows.map(({ place, status, severity }) => [place, status, severity])).toContainEqual([
      'netlify',
      'read in another place than declared',
      'high',
    ]);
  });

  it('proposes nothing that the settings refuse', async () => {
    const { stdout } = await runCommand(entry, ['sandbox/app', '--propose'], environment);
    const file = parseDocument(readFileSync(environment.PULUMI_OPTION_CONFIG_FILE, 'utf8'));
    const proposed = parseDocument(stdout).toJS() as { 'allincompassing:values': Record<string, object> };
    for (const [name, entry] of Object.entries(proposed['allincompassing:values']))
      for (const [key, given] of Object.entries(entry))
        file.setIn(['config', 'allincompassing:values', name, key], given);
    const folder = mkdtempSync(join(tmpdir(), 'proposed-'));
    writeFileSync(join(folder, 'Pulumi.staging.yaml'), file.toString());
    const again = await runCommand(entry, ['sandbox/app', '--propose'], {
      PULUMI_OPTION_CONFIG_FILE: join(folder, 'Pulumi.staging.yaml'),
    });
    rmSync(folder, { recursive: true });
    expect(again.stderr).toBe('');
    expect(again.stdout).toBe('# Everything that is read is declared.\n');
  });

  it.each([
    [[]],
    [['/no/such/folder']],
    [['sandbox/app', '--fail-on', 'all']],
    [['sandbox/app', '--json', '--propose']],
  ])('exits 1 when it is called wrongly: %j', async (args) => {
    const { code, stdout, stderr } = await runCommand(entry, args, environment);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.length).toBeGreaterThan(10);
  });
});
