import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { kept, reasonOf } from './kept.ts';

/**
 * The program, built where it is not in the cache yet from the Go module of .github/lint: its version, and the checksums of
 * it and of all that it is made of, stand there in go.mod and go.sum.
 */
export function actionlint(): string {
  const module = join(projectRoot(), '.github', 'lint');
  const sums = createHash('sha256').update(readFileSync(join(module, 'go.sum')));
  const key = sums
    .update(readFileSync(join(module, 'go.mod')))
    .digest('hex')
    .slice(0, 16);
  const file = process.platform === 'win32' ? 'actionlint.exe' : 'actionlint';
  const folder = kept(`actionlint-${key}`, (draft) => {
    process.stderr.write('Building actionlint from its Go module, once …\n');
    try {
      execFileSync('go', ['build', '-o', join(draft, file), 'github.com/rhysd/actionlint/cmd/actionlint'], {
        cwd: module,
        // Go holds every module to go.sum, and adds nothing to it.
        env: { ...childEnvironment('go'), GOFLAGS: '-mod=readonly' },
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: 300_000,
      });
    } catch (error) {
      throw new Error(
        `actionlint could not be built: ${reasonOf(error, 'Go')}. Install Go, or check the access to its module proxy.`,
        { cause: error },
      );
    }
  });
  return join(folder, file);
}
