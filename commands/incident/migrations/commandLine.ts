import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { handsEndOn } from '../../../engine/ending.ts';
import { childEnvironment } from '../../../launch/childEnvironment.mjs';
import type { Checkout } from './checkout.ts';
import type { Plan } from './plan.ts';

/** Supabase's own command line: the application's, else the one of this machine; `undefined` when there is none. */
export function findCommandLine(root: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const name = process.platform === 'win32' ? 'supabase.cmd' : 'supabase';
  const folders = [join(root, 'node_modules', '.bin'), ...(env.PATH ?? '').split(delimiter)];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Why the command line cannot apply exactly this plan: it applies all that is pending, and wants the whole history. */
export function whyNotCommandLine({ leftOut, foreign }: Plan): string | undefined {
  if (leftOut.length > 0) return `it would apply what is to be left out (${leftOut.length})`;
  if (foreign.length > 0)
    return `it refuses a history with versions that the checkout does not have (${foreign.length})`;
  return undefined;
}

/** Pushes what is pending by Supabase's command line. What it says is shown as it comes; a failure is an error. */
export async function pushByCommandLine(
  command: string,
  { root }: Pick<Checkout, 'root'>,
  { ref, includeAll }: { readonly ref: string; readonly includeAll: boolean },
  report: (line: string) => void,
): Promise<void> {
  const args = ['db', 'push', '--linked', '--yes', '--workdir', root, ...(includeAll ? ['--include-all'] : [])];
  const child = spawn(command, args, {
    cwd: root,
    // The project by its reference: whatever the checkout is linked to does not count.
    env: { ...childEnvironment('supabase'), SUPABASE_PROJECT_ID: ref },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  handsEndOn(child);
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) report(`  ${line}`);
    });
    stream.on('end', () => rest !== '' && report(`  ${rest}`));
  }
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`supabase db push failed (exit ${code ?? 'by a signal'}); its reason is above.`);
}
