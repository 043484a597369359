import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * The Go programs' own tests: the weaknesses of the compatible providers, GitHub's tokens, the language host.
 * -trimpath, as the build has it: without, Go compiles everything anew.
 */
it('go test passes in toolchain/', () => {
  const result = spawnSync('go', ['test', '-trimpath', './...'], {
    cwd: join(process.cwd(), 'toolchain'),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect(`${result.stdout}${result.stderr}${result.error?.message ?? ''}`).not.toMatch(/FAIL|panic|error/i);
  expect(result.status).toBe(0);
}, 900_000);
