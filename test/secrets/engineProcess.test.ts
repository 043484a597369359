import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engineProcess, isAncestor } from '../../secrets/traces/engineProcess.ts';

describe('the processes above this one', () => {
  it('are its ancestors, and no other is', () => {
    expect(isAncestor(process.ppid)).toBe(true);
    expect([isAncestor(process.pid), isAncestor(0), isAncestor(1), isAncestor(-1)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(isAncestor(2 ** 22 + 1)).toBe(false);
  });

  it('are not known where the system shows none', () => {
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'win32' });
    try {
      expect(isAncestor(process.ppid)).toBeUndefined();
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
    }
  });

  it('have no engine among them in a test', () => {
    expect(engineProcess()).toBeUndefined();
  });
});

/** A program that starts the next one: a shell, by another file's name, whose child writes what it finds above it. */
describe('the engine above a program', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'engine-'));
    for (const name of ['pulumi', 'pulumi-language-nodejs', 'mine', 'pulumi-other'])
      copyFileSync('/bin/sh', join(folder, name));
    const module = join(process.cwd(), 'secrets/traces/engineProcess.ts');
    writeFileSync(
      join(folder, 'program.mjs'),
      `import { engineProcess, isAncestor } from ${JSON.stringify(module)};
       const found = engineProcess();
       console.log(JSON.stringify({ args: found?.args, mark: found?.env.ENGINE_MARK, above: isAncestor(Number(process.env.TOP)) }));`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What a program finds below these programs, the outermost first. */
  async function below(names: readonly string[]): Promise<unknown> {
    const node = [
      join(process.cwd(), 'node_modules/.bin/node'),
      '--no-warnings',
      '--experimental-strip-types',
      join(folder, 'program.mjs'),
    ];
    // `wait` keeps each shell from becoming the next one.
    const command = names.reduceRight((inner, name, index) => {
      const script = join(folder, `step-${index}`);
      writeFileSync(
        script,
        index === 0 ? `export TOP=$$; export ENGINE_SEEN=1; ${inner} & wait $!` : `${inner} & wait $!`,
      );
      return `${join(folder, name)} ${script} -v=9`;
    }, node.join(' '));
    const child = spawn('/bin/sh', ['-c', `${command} & wait $!`], {
      env: { ...process.env, ENGINE_MARK: 'of the engine' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    return JSON.parse(said) as unknown;
  }
  const found = expect.objectContaining({
    args: [expect.stringContaining('step-'), '-v=9'],
    mark: 'of the engine',
    above: true,
  });

  it.each<[string, readonly string[], unknown]>([
    ['its own name', ['pulumi'], found],
    ['its name, behind the host and a shell', ['pulumi', 'pulumi-language-nodejs', 'mine'], found],
    ['its child, whatever its file is called', ['mine', 'pulumi-language-nodejs'], found],
    ['nothing where no engine is', ['mine', 'pulumi-other'], { above: true }],
  ])('is known by %s', async (_, names, expected) => {
    expect(await below(names)).toEqual(expected);
  });
});
