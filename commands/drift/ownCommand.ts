import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { handsEndOn } from '../../engine/ending.ts';
import { childEnvironment } from '../../launch/childEnvironment.mjs';

/**
 * What one of this project's commands prints, in a process of its own: it brings packages that no other look needs. Throws,
 * with `trouble` before the command's words, when it neither found nothing (0) nor found something (2).
 */
export async function outputOfCommand(
  root: string,
  entry: string,
  given: readonly string[],
  trouble: string,
): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'launch', 'command.mjs'), entry, ...given], {
    cwd: root,
    env: childEnvironment('local'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  handsEndOn(child);
  let output = '';
  let words = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0 && code !== 2) throw new Error(`${trouble}: ${words.trim()}`);
  return output;
}
