import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { handsEndOn } from '../../engine/ending.ts';
import { shellWords } from '../../machine/shellWords.ts';
import { Secret } from '../../secrets/secret.ts';
import { acceptsApiKey } from '../../services/supabase/apiKeys.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { layApplication } from '../application/layApplication.ts';
import { stop } from '../process/background.ts';
import { readEndpoints } from '../process/endpoints.ts';
import { supabase as project } from '../process/identity.ts';
import { sandboxPaths } from '../process/paths.ts';
import { openVault } from '../standIns/onepassword/index.ts';
import { committer, leakInto } from './leakedRepository.ts';

interface Telling {
  /** Says what comes next; throws where this process was asked to end. */
  readonly step: (title: string) => void;
  readonly print: (text: string) => void;
  readonly say: (text: string) => void;
}

/**
 * Plays a leak on a sandbox of its own, of which nothing stays: a key of the vault is committed and pushed, found by the scan,
 * rotated with no overlap, and refused at the end. Throws where a step does not prove itself.
 */
export async function playLeak(telling: Telling): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drill-leak-'));
  const dir = join(folder, 'sandbox');
  try {
    await play({ ...telling, folder, dir });
  } finally {
    await stop(dir);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stage extends Telling {
  readonly folder: string;
  readonly dir: string;
}

async function play(stage: Stage): Promise<void> {
  const { step, print, dir, folder } = stage;
  step('A staging environment of its own, as npm start makes it (its output is left out)');
  await run(stage, { typed: 'npm start', args: ['sandbox/start.ts'], output: 'ignore' });

  step('A developer commits the key that opens everything, pushes, and takes it out again');
  const application = join(folder, 'application');
  layApplication('playbook', application);
  const leaked = new Secret(openVault(sandboxPaths(dir).services).read('service_role_key'));
  leakInto(application, join(folder, 'origin.git'), leaked);
  print(`Committed by ${committer.name}, pushed to origin/develop, and removed by the next commit.`);

  step('The scan finds it in the history');
  const findings = join(folder, 'findings.json');
  await inSandbox(stage, 'scan', ['--history', application, '--json', '--vault'], { wanted: 2, file: findings });

  step('What is it, who can have seen it? Rotate it with no overlap, scan again, keep the record');
  const consent = ['--yes', '--project', project.projectRef, '--places-checked', '--no-smoke'];
  const rotation = ['--leaked', findings, '--app', application, ...consent];
  // A legacy key is a signed token too: a person has to revoke what signed it, so that this is not over.
  await inSandbox(stage, 'rotate', rotation, { wanted: 2 });

  step('The old key is refused, the new one is answered');
  const { supabase = '' } = readEndpoints(dir)?.services ?? {};
  const fresh = new Secret(openVault(sandboxPaths(dir).services).read('service_role_key'));
  const answers = { old: await acceptsApiKey(supabase, leaked), fresh: await acceptsApiKey(supabase, fresh) };
  if (answers.old || !answers.fresh)
    throw new Error(
      `The old key is ${answers.old ? 'answered' : 'refused'}, the new one ${answers.fresh ? 'answered' : 'refused'}.`,
    );
  print('A request with the old key is refused; one with the new key is answered.');

  step('The same findings once more: all that is left is for a person');
  await inSandbox(stage, 'rotate', rotation, { wanted: 2 });

  step('The incident’s record');
  const record = recordIn(sandboxPaths(dir).incidents);
  if ([leaked, fresh].some((secret) => record.includes(secret.reveal()))) throw new Error('The record holds a key.');
  print(record.replaceAll(folder, '…'));
}

const recordSchema = z.object({
  title: z.string(),
  severity: z.string(),
  timeline: z.array(z.object({ at: z.string(), by: z.string(), text: z.string() })),
});

function recordIn(folder: string): string {
  const [file, ...more] = readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (file === undefined || more.length > 0) throw new Error('There is not one record of one incident.');
  const { title, severity, timeline } = recordSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return [`${title} (${severity})`, ...timeline.map(({ at, text }) => `- ${at} ${text}`)].join('\n');
}

/** A command of the project in the sandbox, as a person types it; `file` takes its standard output. */
async function inSandbox(
  stage: Stage,
  name: string,
  args: readonly string[],
  { wanted = 0, file }: { readonly wanted?: number; readonly file?: string } = {},
): Promise<void> {
  const output = file === undefined ? 'inherit' : openSync(file, 'w', 0o600);
  const command = [process.execPath, join(projectRoot(), 'launch', 'command.mjs'), `commands/${name}/command.ts`];
  try {
    const typed = `npm run ${name} -- ${shellWords(args)}${file === undefined ? '' : ' > findings.json'}`;
    await run(stage, { typed, args: ['sandbox/command.ts', 'exec', ...command, ...args], output, wanted });
  } finally {
    if (typeof output === 'number') closeSync(output);
  }
}

async function run(
  { say, dir, folder }: Stage,
  {
    typed,
    args,
    output,
    wanted = 0,
  }: {
    readonly typed: string;
    readonly args: readonly string[];
    readonly output: 'inherit' | 'ignore' | number;
    readonly wanted?: number;
  },
): Promise<void> {
  say(`$ ${typed.replaceAll(folder, '…')}`);
  const root = projectRoot();
  const child = spawn(process.execPath, [join(root, 'launch', 'command.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, STAGING_SANDBOX_DIR: dir },
    stdio: ['ignore', output, 'inherit'],
  });
  handsEndOn(child, () => undefined);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== wanted) throw new Error(`The drill stops here: ${typed} ended with ${String(code)}, not ${wanted}.`);
}
