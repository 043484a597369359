import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readTrail } from '../../audit/file.ts';

let folder: string;

/** A project whose key only Pulumi can read, and a `pulumi` that never answers. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slow-key-'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: example\nruntime: nodejs\n');
  writeFileSync(
    join(folder, 'Pulumi.staging.yaml'),
    'secretsprovider: awskms://alias/example\nconfig:\n  allincompassing:fingerprintKey:\n    secure: c2VhbGVk\n',
  );
  const script = `#!/bin/sh\necho $$ > ${folder}/pid.new && mv ${folder}/pid.new ${folder}/pid\nexec sleep 40\n`;
  writeFileSync(join(folder, 'bin', 'pulumi'), script, { mode: 0o755 });
});
afterEach(() => {
  if (existsSync(join(folder, 'pid')) && !hasEnded()) process.kill(engine(), 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const engine = () => Number(readFileSync(join(folder, 'pid'), 'utf8'));

/** Whether the stand-in has ended; one that nobody has asked how (a zombie) has. */
function hasEnded(): boolean {
  try {
    return readFileSync(`/proc/${engine()}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}

/** Waits for that: a signal takes its time on a busy machine. */
async function engineEnds(): Promise<void> {
  while (!hasEnded()) await setTimeout(20);
}

/** Starts a command that makes one write, in a process group of its own, as a terminal does. */
function start(write: string) {
  const from = (module: string) => JSON.stringify(join(process.cwd(), module));
  writeFileSync(
    join(folder, 'command.ts'),
    `import { existsSync } from 'node:fs';
     import { setTimeout } from 'node:timers/promises';
     import { audited } from ${from('audit/trail.ts')};
     import { openStackTrail } from ${from('cli/stackTrail.ts')};
     openStackTrail('staging');
     await audited({ action: 'set', writes: [{ place: 'netlify', name: 'A' }] }, async () => {
       while (!existsSync('pid')) await setTimeout(10);
       console.log('asked');
       ${write}
     });
     console.log('over');`,
  );
  const env = { ...process.env };
  delete env.STAGING_AUDIT_FILE;
  const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', 'command.ts'], {
    cwd: folder,
    detached: true,
    env: { ...env, PATH: `${join(folder, 'bin')}:${env.PATH ?? ''}` },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const end = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  return { child, said, end };
}

test('a Pulumi that does not give the key keeps no command from ending, and ends with it', async () => {
  const { child, said, end } = start('');
  await once(child.stdout, 'data');
  const begin = performance.now();
  const [code] = await end;
  expect({ code, said }).toEqual({ code: 0, said: { out: 'asked\nover\n', err: '' } });
  await engineEnds();
  expect(performance.now() - begin).toBeLessThan(9000);
  const { lines, problems, signed } = readTrail(join(folder, '.audit', 'staging.jsonl'), 'k'.repeat(40));
  expect(lines.map(({ outcome }) => outcome)).toEqual(['begun', 'done']);
  expect({ problems, signed }).toEqual({ problems: [], signed: 0 });
});

test('Ctrl-C meanwhile ends the command at once, without a word of Pulumi', async () => {
  const { child, said, end } = start('await setTimeout(30_000);');
  await once(child.stdout, 'data');
  const begin = performance.now();
  process.kill(-(child.pid ?? 0), 'SIGINT');
  const [, signal] = await end;
  expect({ signal, said }).toEqual({ signal: 'SIGINT', said: { out: 'asked\n', err: '' } });
  await engineEnds();
  expect(performance.now() - begin).toBeLessThan(9000);
});
