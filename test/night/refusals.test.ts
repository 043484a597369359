import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { refuseMissing } from '../../cli/missing.ts';
import { sharedProject } from '../support/sharedProject.ts';
import { runCommand } from '../support/command.ts';

// Every command that wants two things or more, called with none or few of them, where nobody can be asked.
const project = `--project ${sharedProject.ref}`;
const moment = '2026-01-31T22:00:00Z';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'refusals-'));
  const incident = { title: 'T', severity: 'high', lead: 'ann', startedAt: moment, timeline: [] };
  const write = (id: string, kind: string) =>
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ ...incident, id, kind }));
  write('one', 'supabase');
  write('two', 'deploy');
});
afterAll(() => rmSync(folder, { recursive: true }));

const reason = '--reason TEXT';
const application = '--application PATH';
const cases: readonly (readonly [entry: string, args: readonly string[], missing: readonly string[], whole: string])[] =
  [
    ['killSwitch', ['off'], [reason, '--yes', project], `kill-switch -- off ${reason} --yes ${project}`],
    [
      'killSwitch',
      ['restore', '--emergency', '--yes'],
      [reason, project],
      `kill-switch -- restore --emergency --yes ${reason} ${project}`,
    ],
    [
      'killSwitch',
      ['off', '--reason', 'they lie'],
      ['--yes', project],
      `kill-switch -- off --reason 'they lie' --yes ${project}`,
    ],
    [
      'incident',
      ['start', '--severity', 'none'],
      ['--title TEXT', '--kind deploy', '--severity medium', '--yes'],
      'incident -- start --title TEXT --kind deploy --severity medium --yes',
    ],
    ['incident', ['update', '--id', 'two'], ['--text TEXT', '--yes'], 'incident -- update --id two --text TEXT --yes'],
    ['incident', ['update'], ['--text TEXT', '--yes', '--id ID'], 'incident -- update --text TEXT --yes --id ID'],
    [
      'incident',
      ['migrate', '--id', 'one'],
      [application, '--yes', project],
      `incident -- migrate --id one ${application} --yes ${project}`,
    ],
    [
      'incident',
      ['restore', '--id=one', '--to', moment],
      [application, `--confirm-to ${moment}`, '--yes', project],
      `incident -- restore --id=one --to ${moment} ${application} --confirm-to ${moment} --yes ${project}`,
    ],
    [
      'incident',
      ['close', '--id', 'one'],
      ['--root-cause TEXT', '--url ADDRESS', '--yes'],
      'incident -- close --id one --root-cause TEXT --url ADDRESS --yes',
    ],
    [
      'incident',
      ['close', '--id', 'two'],
      ['--root-cause TEXT', '--yes'],
      'incident -- close --id two --root-cause TEXT --yes',
    ],
    ['drift', ['--only', 'value-changed:A'], ['--fix', '--yes'], 'drift -- --only value-changed:A --fix --yes'],
    [
      'drift',
      ['--fix', '--only', 'production-value-changed:A'],
      ['--yes', project],
      `drift -- --fix --only production-value-changed:A --yes ${project}`,
    ],
    ['dbBranch', ['promote'], ['NAME', '--yes', project], `db:branch:promote -- NAME --yes ${project}`],
    [
      'dbBranch',
      ['create', '--with-data'],
      ['NAME', '--yes', project],
      `db:branch:create -- NAME --with-data --yes ${project}`,
    ],
    ['dbBranch', ['delete'], ['NAME', '--yes'], 'db:branch:delete -- NAME --yes'],
    ['pipeline', [], ['apply', 'PATH', '--yes'], 'pipeline -- apply PATH --yes'],
    ['pipeline', ['apply'], ['PATH', '--yes'], 'pipeline -- apply PATH --yes'],
    [
      'pullRequestComment',
      ['--pull-request', '7'],
      ['--base BASE.json', '--head HEAD.json', '--link URL', '--commit SHA', 'GITHUB_TOKEN', 'GITHUB_REPOSITORY'],
      'preview:comment -- --pull-request 7 --base BASE.json --head HEAD.json --link URL --commit SHA',
    ],
  ];

it.each(cases)(
  '%s %j is refused once, with all that is missing and the whole command',
  async (entry, args, missing, whole) => {
    const environment = { GITHUB_OWNER: 'allincompassing', INCIDENTS_DIR: folder, SUPABASE_ACCESS_TOKEN: 'x' };
    const { code, stdout, stderr } = await runCommand(`commands/${entry}/command.ts`, args, environment);
    expect([code, stdout]).toEqual([1, '']);
    const lines = stderr.split('\n');
    expect(lines[0]).toMatch(/^Nothing was done(: .+)?\. Missing:$/);
    expect(
      lines
        .filter((line) => line.startsWith('  ') && !line.startsWith('  one') && !line.startsWith('  two'))
        .map((line) => line.trim().split('  ')[0]),
    ).toEqual(missing);
    expect(lines).toContain(`The whole command: npm run ${whole}`);
  },
);

it('the smoke test names the address and every variable at once', async () => {
  const { code, stderr } = await runCommand('commands/previewSmoke/command.ts', []);
  expect(code).toBe(1);
  for (const each of ['--url', 'SMOKE_USER_EMAIL', 'SMOKE_USER_PASSWORD']) expect(stderr).toContain(each);
});

it('is no refusal where nothing is missing, and prints no secret that was typed', async () => {
  const token = ['ghp', '_', 'a1B2'.repeat(9)].join('');
  const call = { script: 'x', args: ['--text', token, '--kind=wrong'] };
  await expect(refuseMissing(call, [false, false])).resolves.toBeUndefined();
  const refusal = refuseMissing(call, [false, { add: '--kind right', why: 'one of right, left' }]);
  await expect(refusal).rejects.toThrow(
    /^Nothing was done\. Missing:\n {2}--kind right {2}one of right, left\nThe whole/,
  );
  await expect(refusal).rejects.not.toThrow(token);
});
