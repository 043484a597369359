import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { kept, reasonOf } from './kept.ts';

/** zizmor's program, or in a few words why it is not at hand. */
export type Zizmor = { readonly program: string } | { readonly missing: string };

/**
 * Takes zizmor's wheel from PyPI where Python is installed: the version and the checksums of .github/lint/requirements.txt.
 * A wheel holds the finished program, so that nothing is built and no code of the package runs.
 */
export function zizmor(environment: Readonly<NodeJS.ProcessEnv> = process.env): Zizmor {
  const requirements = join(projectRoot(), '.github', 'lint', 'requirements.txt');
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const file = process.platform === 'win32' ? 'zizmor.exe' : 'zizmor';
  try {
    const folder = kept(`zizmor-${key}`, (draft) => {
      process.stderr.write('Fetching zizmor from PyPI, once …\n');
      const install = mkdtempSync(join(tmpdir(), 'zizmor-'));
      const options = ['--quiet', '--require-hashes', '--only-binary=:all:', '--no-deps', '--target', install];
      try {
        execFileSync('python3', ['-m', 'pip', 'install', ...options, '--requirement', requirements], {
          env: childEnvironment('pip', environment),
          stdio: ['ignore', 'ignore', 'pipe'],
          timeout: 120_000,
        });
        cpSync(join(install, 'bin', file), join(draft, file));
      } finally {
        rmSync(install, { recursive: true, force: true });
      }
    });
    const program = join(folder, file);
    return existsSync(program) ? { program } : { missing: `${program} is gone` };
  } catch (error) {
    return { missing: reasonOf(error, 'Python') };
  }
}
