import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { handsEndOn } from '../../engine/ending.ts';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { counted } from '../../machine/counted.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

const answer = z.object({
  findings: z.array(z.object({ severity: z.string(), what: z.string() })),
  errors: z.array(z.string()),
});

/** The evidence waits no longer than this for a look. */
const limitMs = 60_000;
const shown = 5;

/** What `npm run drift` sees, in a line: the worst findings first, never a value. Throws when it could not look. */
export async function driftSummary({ root, stack }: StagingServices): Promise<string> {
  const args = [join(root, 'launch', 'command.mjs'), 'commands/drift/command.ts', '--json', '--stack', stack];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: childEnvironment('drift'),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
  });
  handsEndOn(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const killed = await new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, signal) => resolve(signal !== null));
  });
  if (stdout === '') throw new Error((killed ? '' : stderr.trim()) || `no answer within ${limitMs / 1000} s`);
  const { findings, errors } = answer.parse(JSON.parse(stdout));
  const unseen = errors.length === 0 ? '' : `; ${counted(errors.length, 'part')} could not be seen`;
  if (findings.length === 0) return `none${unseen}`;
  const worst = findings.slice(0, shown).map(({ severity, what }) => `${what} (${severity})`);
  const more = findings.length > shown ? `; and ${findings.length - shown} more: ${forStack('npm run drift')}` : '';
  return `${worst.join('; ')}${more}${unseen}`;
}
