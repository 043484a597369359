import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routes } from '../../../../sandbox/standIns/github/index.ts';
import type { Json } from '../openapiSchema.ts';
import { reduced } from './reduce.ts';

/**
 * Writes document.json anew: of GitHub's description (its package @octokit/openapi, MIT, 385 MB unpacked) what the
 * stand-in serves. Run it when the stand-in gets a route, or for a newer version:
 * `npm run schema:github`
 */
const version = '23.0.2';
const file = 'package/generated/api.github.com.json';
const target = join(process.cwd(), 'test/support/documents/githubSchema/document.json');

const folder = mkdtempSync(join(tmpdir(), 'github-schema-'));
try {
  process.stderr.write(`Fetching @octokit/openapi ${version} …\n`);
  run('npm', ['pack', '--silent', `@octokit/openapi@${version}`, '--pack-destination', folder]);
  run('tar', ['-xzf', join(folder, `octokit-openapi-${version}.tgz`), '-C', folder, file]);
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json;
  writeFileSync(target, `${JSON.stringify(reduced(document, Object.keys(routes)))}\n`);
  process.stderr.write(`Wrote ${target}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

function run(command: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
}
