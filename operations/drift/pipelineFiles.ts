import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { handsEndOn } from '../../engine/ending.ts';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { finding } from './finding.ts';
import type { Part } from './look.ts';

/** The application's netlify.toml and workflow, as `npm run pipeline -- check` sees them. */
export async function pipelineFiles(root: string, application: string | undefined): Promise<Part> {
  if (application === undefined) {
    return {
      findings: [],
      notChecked: ['netlify.toml and the workflow: give a clone of the application (--app PATH).'],
      unseen: 'repository',
    };
  }
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), application);
  const deviations = await check(root, folder);
  if (deviations.length === 0) return { findings: [] };
  return {
    findings: [
      finding({
        kind: 'pipeline-differs',
        subject: 'application',
        what: `The application's pipeline deviates: ${deviations.join('; ')}.`,
        command: `npm run pipeline -- apply ${application}`,
        note: 'It shows the differences first; commit what it writes.',
      }),
    ],
  };
}

/** The deviations, one line each. A process of its own: it brings packages that no other look needs. */
async function check(root: string, folder: string): Promise<string[]> {
  const args = [join(root, 'launch', 'command.mjs'), 'operations/pipeline.ts', 'check', folder, '--json'];
  const child = spawn(process.execPath, args, {
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
  if (code !== 0 && code !== 2) throw new Error(`The application's files could not be checked: ${words.trim()}`);
  return (JSON.parse(output) as string[]).map((line) => line.replace(/\.$/, ''));
}
