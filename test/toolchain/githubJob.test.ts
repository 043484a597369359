import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { handToGithubJob } from '../../toolchain/build/githubJob.ts';

const toolchain = {
  pulumi: '/cache/bin/pulumi',
  parts: [],
  pathEntries: ['/cache/bin', '/cache/more'],
  environment: { PULUMI_HOME: '/cache/home', PULUMI_SKIP_UPDATE_CHECK: 'true' },
};

it('hands the folders and variables to the next steps, beside what other steps have handed on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'job-'));
  const [GITHUB_PATH, GITHUB_ENV] = [join(folder, 'path'), join(folder, 'env')];
  for (const file of [GITHUB_PATH, GITHUB_ENV]) writeFileSync(file, 'before\n');
  handToGithubJob(toolchain, { GITHUB_PATH, GITHUB_ENV });
  // The runner puts each line before what is on PATH, so that the last one comes first.
  expect(readFileSync(GITHUB_PATH, 'utf8')).toBe('before\n/cache/more\n/cache/bin\n');
  expect(readFileSync(GITHUB_ENV, 'utf8')).toBe('before\nPULUMI_HOME=/cache/home\nPULUMI_SKIP_UPDATE_CHECK=true\n');
});

it('refuses outside of such a job, and a value that would begin a variable of its own', () => {
  expect(() => handToGithubJob(toolchain, {})).toThrow('GITHUB_PATH and GITHUB_ENV are not set');
  const odd = { ...toolchain, environment: { PULUMI_HOME: '/cache\nNODE_OPTIONS=--require=x' } };
  expect(() => handToGithubJob(odd, { GITHUB_PATH: '/nowhere', GITHUB_ENV: '/nowhere' })).toThrow('a line break');
});
