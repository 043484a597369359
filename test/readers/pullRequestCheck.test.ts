import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { copyFixture } from '../support/fixture.ts';

const workflow = z.object({
  jobs: z.object({
    readers: z.object({
      steps: z.array(z.object({ name: z.string().optional(), run: z.string().optional() })),
    }),
  }),
});
const text = readFileSync('.github/workflows/preview.yml', 'utf8');
const { steps } = workflow.parse(parse(text)).jobs.readers;

/** A step of the job, as the runner runs it. */
function step(name: string, cwd: string) {
  const run = steps.find((each) => each.name === name)?.run;
  if (run === undefined) throw new Error(`no step ${name}`);
  const written = join(cwd, 'written');
  writeFileSync(written, '');
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, GITHUB_OUTPUT: written, GITHUB_STEP_SUMMARY: written };
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', run], { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr, written: readFileSync(written, 'utf8') };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'readers-check-'));
  copyFixture(folder);
  const readers = `node ${resolve('launch', 'command.mjs')} commands/readers/command.ts`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { readers } }));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the job `readers` of a pull request', () => {
  it('uses no secret and no variable: a fork gets none', () => {
    const job = text.slice(text.indexOf('\n  readers:'), text.indexOf('\n  preview-base:'));
    expect(job).toContain('npm run --silent readers');
    expect(job).not.toMatch(/secrets\.|vars\.|github\.token|environment:/);
  });

  it('checks the application out that the configuration names', () => {
    mkdirSync(join(folder, 'node_modules'));
    cpSync(join('node_modules', 'yaml'), join(folder, 'node_modules', 'yaml'), { recursive: true });
    const { status, written } = step('Find the application', folder);
    expect([status, written]).toEqual([0, 'repository=allincompassing/allincompassing\n']);
  });

  it('says of an application that could not be checked out that nothing was checked, and claims no cause', () => {
    const { status, stdout } = step('Say that nothing was checked', folder);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^::notice title=Readers::The application could not be checked out here; nothing was checked\./,
    );
    expect(stdout).not.toMatch(/cannot be read/);
  });

  it.each([
    ['fails', 'supabase/functions/one', "Deno.env.get('OPENAI_API_KEY')", 2],
    ['passes', 'netlify/functions', 'process.env.OPENAI_API_KEY', 0],
  ])('%s, with the table in the summary', (_, place, code, status) => {
    const functions = join(folder, 'application', place);
    mkdirSync(functions, { recursive: true });
    writeFileSync(join(functions, 'index.ts'), `export default () => ${code};\n`);
    const ended = step('Who reads each value', folder);
    const table = expect.stringMatching(/^ {4}.*OPENAI_API_KEY/m);
    expect([ended.stderr, ended.status, ended.written]).toEqual(['', status, table]);
    expect(ended.stdout).not.toBe('');
  });
});
