import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { guardOutput, unguarded, workflowCommand, writeAsItIs } from '../../machine/output.ts';
import { createSlack } from '../../sandbox/standIns/slack/service.ts';
import { annotation } from '../../commands/previewSmoke/annotation.ts';
import { Pool } from '../faults/pool.ts';
import { startWorld, type World } from '../commands/every/world.ts';

const escape = '\u001b';
const poison = `no\n::error::x\r::add-mask::y ${escape}[31mred${escape}[0m${escape}]0;title\u0007\u009b2J ##[error]z\u202e`;

describe('guardOutput', () => {
  /** A stream as the process has them, guarded, and what arrived at its other end. */
  function guarded(isTTY: boolean) {
    const through = new PassThrough();
    const arrived: string[] = [];
    const stream = Object.assign(process.stdout.constructor === Object ? {} : through, { isTTY });
    through.on('data', (chunk: Buffer) => arrived.push(chunk.toString()));
    const typed = stream as unknown as NodeJS.WriteStream;
    guardOutput([typed]);
    return { stream: typed, text: () => arrived.join('') };
  }

  it('lets no line begin a command, and nothing steer the terminal', () => {
    const { stream, text } = guarded(false);
    stream.write(`says: ${poison}\n`);
    expect(text()).toBe(
      'says: no\n: :error::x ::add-mask::y red\uFFFD[0m\uFFFD]0;title\uFFFD\uFFFD2J # #[error]z\uFFFD\n',
    );
  });

  it('keeps our colours on a terminal, and no text that is hidden or moved', () => {
    const { stream, text } = guarded(true);
    stream.write(`${escape}[31mhigh${escape}[39m ${escape}[8mhidden\tand\n${escape}[2Kgone`);
    expect(text()).toBe(`${escape}[31mhigh${escape}[39m \uFFFD[8mhidden\tand\n\uFFFD[2Kgone`);
  });

  it('keeps what a document holds, as escapes', () => {
    const { stream, text } = guarded(false);
    stream.write(`${JSON.stringify({ text: poison }, undefined, 2)}\n`);
    expect(JSON.parse(text())).toEqual({ text: poison });
    expect(text()).not.toContain('##[');
    // eslint-disable-next-line no-control-regex
    expect(text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|^\s*::/m);
  });

  it('guards a stream once, and lets through what means to be a command or moves the cursor', () => {
    const { stream, text } = guarded(true);
    guardOutput([stream]);
    writeAsItIs(stream, '::error::meant\n');
    unguarded(stream).write(`\r${escape}[K`);
    stream.write('::error::not\n');
    expect(text()).toBe(`::error::meant\n\r${escape}[K: :error::not\n`);
  });
});

describe('workflowCommand', () => {
  it('is one line that a foreign text can neither end nor begin another command in', () => {
    const line = workflowCommand('warning', `a,b:c\n${escape}`, `100 % ${poison}`);
    expect(line).toBe(
      '::warning title=a%2Cb%3Ac \uFFFD::100 %25 no%0A: :error::x ::add-mask::y \uFFFD[31mred\uFFFD[0m\uFFFD]0;title\uFFFD\uFFFD2J # #[error]z\uFFFD',
    );
  });

  it('is the annotation of a failed check', () => {
    const result = { name: 'x', title: 'Database', status: 'failed', attempts: 1, durationMs: 1, facts: {} } as const;
    expect(annotation({ ...result, failureClass: 'sign-in', detail: 'a\nb' })).toBe(
      '::error title=Smoke%3A sign-in::Database: a%0Ab',
    );
  });
});

const consent = ['--yes', '--project', 'wnnjeqheqxxyrgsjmygy'];
const reason = ['--reason', `because ${poison}`, '--by', poison];
const alert = ['--title', `title ${poison}`, '--text', `text ${poison}`];

/** Every command that prints what a service says, or what a person typed. */
const commands: readonly (readonly [entry: string, ...args: string[]])[] = [
  ['killSwitch', 'status'],
  ['killSwitch', 'off', ...reason, ...consent],
  ['killSwitch', 'off', '--emergency', ...reason, ...consent],
  ['killSwitch', 'verify', '--since', '2026-01-01T00:00:00Z'],
  ['deploy', 'list'],
  ['deploy', 'trigger', '--yes', '--via', 'netlify'],
  ['deploy', 'rollback', '--yes'],
  ['deploy', 'unlock', '--yes'],
  ['deploy', 'rerun', '--yes'],
  ['dbBranch', 'list'],
  ['dbBranch', 'get', poison],
  ['dbBranch', 'create', 'x', '--yes'],
  ['dbBranch', 'delete', 'x', '--yes'],
  ['dbBranch', 'cleanup', '--yes'],
  ['dbBranch', 'promote', 'x', ...consent],
  ['envLocal', '--yes'],
  ['incident', 'start', ...alert.slice(0, 2), '--kind', 'supabase', '--by', poison, '--yes'],
  ['incident', 'restore'],
  ['incident', 'update', '--text', poison, '--yes'],
  ['doctor'],
  ['drift'],
  ['adopt', '--dry-run'],
  ['recover', '--dry-run'],
  ['scan', 'Pulumi.yaml'],
  ['pullRequestComment', '--base', poison, '--head', poison],
  ['pipeline', poison],
  ['alertSlack', ...alert],
  ['alertSlack', ...alert, '--dry-run'],
  ['previewSmoke', '--url', 'http://127.0.0.1:9', '--attempts', '1', '--timeout', '1'],
];

describe('every command', () => {
  let world: World;
  let pool: Pool;
  let outputs: readonly (readonly [command: string, output: string])[];

  beforeAll(async () => {
    const webhook = `/services/T1/B1/${randomBytes(12).toString('hex')}`;
    world = await startWorld({
      services: (stateDir) => [createSlack({ stateDir, webhookPath: webhook })],
    });
    for (const folder of ['pipeline', 'policies', 'package.json']) {
      cpSync(folder, join(world.root, folder), { recursive: true });
    }
    const said = JSON.stringify({ message: poison, msg: poison, error: poison, error_description: poison });
    world.faults.set([{ status: 422, headers: { 'content-type': 'application/json' }, body: said }]);
    const environment = {
      SLACK_WEBHOOK_URL: `${world.urls.slack ?? ''}${webhook}`,
      ALERT_ATTEMPTS: '1',
      ALERT_STATE_DIR: join(world.root, 'alerts'),
      INCIDENTS_DIR: join(world.root, 'incidents'),
      GITHUB_ACTIONS: 'true',
      ...{ SMOKE_USER_EMAIL: 'a@example.test', SMOKE_USER_PASSWORD: randomBytes(9).toString('hex') },
      ...{ DEFAULT_ORGANIZATION_ID: '11111111-2222-4333-8444-555555555555', SUPABASE_ANON_KEY: world.anonKey },
    };
    // An incident's alert is a process of its own, which speaks on our streams; `alertSlack` has rows of its own.
    const bin = join(world.stateDir, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'npm'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    pool = new Pool(world.root, {}, commands.length);
    outputs = await Promise.all(
      commands.map(async ([entry, ...args]) => {
        const { stdout, stderr } = await pool.run(
          entry,
          args,
          { ...world.environment, ...environment, PATH: `${bin}:${process.env.PATH ?? ''}` },
          world.root,
        );
        return [`${entry} ${args.join(' ')}`, `${stdout}\n${stderr}`] as const;
      }),
    );
  }, 240_000);
  afterAll(async () => {
    pool.close();
    await world.close();
  });

  it('prints no line that begins a workflow command, besides the warnings and annotations that are meant', () => {
    const meant = /^::(?:warning title=Alert|error title=Smoke%3A [\w-]+)::/;
    const begun = outputs.flatMap(([command, output]) =>
      output
        .split(/[\r\n]/)
        .filter((line) => /^\s*::|##\[/.test(line) && !meant.test(line))
        .map((line) => `${command}: ${line}`),
    );
    expect(begun).toEqual([]);
  });

  it('prints nothing that steers a terminal', () => {
    // eslint-disable-next-line no-control-regex
    const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/;
    expect(outputs.filter(([, output]) => steering.test(output)).map(([command]) => command)).toEqual([]);
  });

  it('still prints what the service says, and the annotations that are meant', () => {
    const telling = outputs
      .filter(([, output]) => output.includes(':error::x'))
      .map(([command]) => command.split(' ')[0]);
    expect([...new Set(telling)]).toEqual(expect.arrayContaining(['killSwitch', 'incident', 'doctor', 'alertSlack']));
    const lines = outputs.flatMap(([, output]) => output.split('\n'));
    expect(lines.filter((line) => line.startsWith('::error title=Smoke%3A '))).not.toEqual([]);
    expect(lines.filter((line) => line.startsWith('::warning title=Alert::'))).not.toEqual([]);
  });
});
