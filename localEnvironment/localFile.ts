import { existsSync, lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gitStatus } from '../files/git.ts';
import { UsageError } from '../cli/errors.ts';

/** The files that applications load on a laptop, in the order in which they are tried. */
const usual = ['.env.local', '.env.codex', '.env'];

/**
 * The file to write: the one that is named, else the first of the usual ones that is there and that git ignores, else
 * `.env.local`.
 */
export function localFile(folder: string, named: string | undefined): string {
  if (named !== undefined) return join(folder, named);
  const found = usual.find((name) => existsSync(join(folder, name)) && isIgnored(join(folder, name)));
  return join(folder, found ?? '.env.local');
}

/** Refuses a file that could be committed, or that is no plain file. Git decides: no guess from a .gitignore's text. */
export function refuseUnsafe(file: string): void {
  const [folder, name] = [dirname(file), basename(file)];
  const ignored = gitStatus(folder, ['check-ignore', '--quiet', '--', name]);
  if (ignored === undefined || ignored === 128)
    throw new UsageError(`${folder} is no git checkout, so nothing keeps ${name} out of one. Nothing was done.`);
  if (gitStatus(folder, ['ls-files', '--error-unmatch', '--', name]) === 0)
    throw new UsageError(`Git tracks ${name} here: git rm --cached ${name}. Nothing was done.`);
  if (ignored !== 0)
    throw new UsageError(`Git does not ignore ${name} here. Add the line \`${name}\` to .gitignore. Nothing was done.`);
  if (existsSync(file) && !lstatSync(file).isFile())
    throw new UsageError(`${file} is not a plain file. Nothing was done.`);
}

function isIgnored(file: string): boolean {
  const [folder, name] = [dirname(file), basename(file)];
  return (
    gitStatus(folder, ['check-ignore', '--quiet', '--', name]) === 0 &&
    gitStatus(folder, ['ls-files', '--error-unmatch', '--', name]) !== 0
  );
}
