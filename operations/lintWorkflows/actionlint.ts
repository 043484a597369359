import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { kept, reasonOf } from './kept.ts';

const version = 'v1.7.12';

/** The program, built from its Go module (which Go holds to its checksum database) where it is not in the cache yet. */
export function actionlint(): string {
  const folder = kept(`actionlint-${version}`, (draft) => {
    process.stderr.write(`Building actionlint ${version} from its Go module, once …\n`);
    try {
      execFileSync('go', ['install', `github.com/rhysd/actionlint/cmd/actionlint@${version}`], {
        env: { ...childEnvironment('go'), GOBIN: draft, GOFLAGS: '' },
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
  return join(folder, process.platform === 'win32' ? 'actionlint.exe' : 'actionlint');
}
