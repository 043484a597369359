import { appendFileSync } from 'node:fs';
import type { Toolchain } from '../toolchain.ts';

/**
 * Hands a toolchain to the next steps of a GitHub Actions job: its folders first on PATH, and its variables. Throws where
 * this is no such job, or a value would begin a variable of its own.
 */
export function handToGithubJob(toolchain: Toolchain, environment: Readonly<NodeJS.ProcessEnv>): void {
  const { GITHUB_PATH, GITHUB_ENV } = environment;
  if (GITHUB_PATH === undefined || GITHUB_ENV === undefined)
    throw new Error('GITHUB_PATH and GITHUB_ENV are not set: --github-job is for a job of GitHub Actions.');
  const variables = Object.entries(toolchain.environment).map(([name, value]) => `${name}=${value}`);
  for (const line of [...toolchain.pathEntries, ...variables])
    if (/[\r\n]/.test(line)) throw new Error('A folder of the toolchain has a line break in its name.');
  // The last line that is appended comes first on PATH.
  appendFileSync(
    GITHUB_PATH,
    [...toolchain.pathEntries]
      .reverse()
      .map((entry) => `${entry}\n`)
      .join(''),
  );
  appendFileSync(GITHUB_ENV, variables.map((variable) => `${variable}\n`).join(''));
}
