import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../settings/stack/projectRoot.ts';
import { exitCode } from './errors.ts';

/** Writes a document that is made from the sources, or with `check` says whether it is up to date. Yields the exit code. */
export function writtenOrChecked(file: string, text: string, script: string, { check }: { readonly check: boolean }) {
  const path = join(projectRoot(), file);
  if (!check) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    process.stderr.write(`${file} is out of date. Write it again: npm run ${script}\n`);
    return exitCode.findings;
  }
  return exitCode.fine;
}
