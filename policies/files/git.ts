import { spawnSync } from 'node:child_process';

/** Runs git in `folder` and yields what it prints. Throws with git's own message when it fails. */
export function git(folder: string, args: readonly string[], input?: string): string {
  return run(folder, args, input).toString('utf8');
}

function run(folder: string, args: readonly string[], input?: string): Buffer {
  const { status, stdout, stderr, error } = spawnSync('git', args, { cwd: folder, input, maxBuffer: 2 ** 31 - 1 });
  if (error) throw new Error(`git could not be run: ${error.message}`);
  if (status !== 0) throw new Error(`git ${args[0] ?? ''} failed: ${stderr.toString('utf8').trim()}`);
  return stdout;
}

/** The entries of a NUL-separated list; `undefined` when `folder` is in no repository. */
export function gitLists(folder: string, args: readonly string[]): string[] | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 31 - 1 });
  return status === 0 ? stdout.split('\0').filter(Boolean) : undefined;
}

/** The contents of many objects by one git process, in the order asked. */
export function* blobs(folder: string, hashes: readonly string[]): Generator<Buffer> {
  if (hashes.length === 0) return;
  const output = run(folder, ['cat-file', '--batch'], `${hashes.join('\n')}\n`);
  let at = 0;
  for (const hash of hashes) {
    const lineEnd = output.indexOf(10, at);
    const size = Number(/ blob (\d+)$/.exec(output.toString('utf8', at, lineEnd))?.[1] ?? NaN);
    if (Number.isNaN(size)) throw new Error(`git has no content for object ${hash}`);
    yield output.subarray(lineEnd + 1, lineEnd + 1 + size);
    at = lineEnd + 1 + size + 1;
  }
}
