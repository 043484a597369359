import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onEndAsked, type EndSignal } from '../../engine/endAsked.ts';
import { handsEndOn, signalExitCode } from '../../engine/ending.ts';
import { shellWords } from '../../machine/shellWords.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { record } from '../drill/pipeline.ts';
import { commits, openScene, type Scene } from '../drill/scene.ts';
import { supabase as project } from '../process/identity.ts';
import { deployOfHost } from '../standIns/netlify/index.ts';
import { define, ends } from '../../cli/define.ts';
import { flag } from '../../cli/options.ts';
import { playLeak } from '../drill/leak.ts';
import { print, say } from './print.ts';

export const drill = define(
  'drill',
  'Plays an incident: staging breaks, agents are stopped, the deploy is rolled back, the database restored, all closed. ' +
    'Stand-ins of its own under the vendors’ names, the real commands as processes, nothing of it stays. The smoke test uses ' +
    'a browser (fetched once if there is none). Exit code 0: every step proved itself.',
)
  .addOption(
    flag(
      '--leak',
      'plays a leak instead: a key of the vault is committed and pushed, found, rotated with no overlap, and refused at the end',
    ),
  )
  .action(ends(({ leak }) => drilled(leak ? () => playLeak({ step, print, say }) : playIncident)));

async function playIncident(): Promise<void> {
  const scene = await openScene();
  try {
    await play(scene);
  } finally {
    await scene.close();
  }
}

async function drilled(played: () => Promise<void>): Promise<number> {
  // Whoever ends it gets the end of the step that runs, and nothing of the scene stays.
  const off = onEndAsked((signal) => (asked.signal = signal));
  try {
    await played();
    print('\nThe drill is over: every step proved itself.');
    return 0;
  } catch (error) {
    if (asked.signal === undefined) throw error;
    print(`\nThe drill was stopped (${asked.signal}). Nothing of it stays.`);
    return signalExitCode(asked.signal);
  } finally {
    off();
  }
}

/** The request to end this process, once one came. */
const asked: { signal?: EndSignal } = {};

const productionHost = 'allincompassing.netlify.app';
const developHost = 'develop--allincompassing.netlify.app';

async function play(scene: Scene): Promise<void> {
  const consent = ['--yes', '--project', project.projectRef];
  const reports = join(scene.folder, 'smoke-report');
  const smoke = ['--smoke', `npm run --silent preview:smoke -- --report-dir ${reports}`];
  const production = deployOfHost(scene.stateDir, productionHost)?.deploy.id;

  step('Staging has a good deploy; the next one breaks it, and its smoke test says so');
  record(scene.stateDir, await scene.deploy(commits.good), commits.good, 'success');
  record(scene.stateDir, await scene.deploy(commits.bad), commits.bad, 'failure');
  const url = `https://${developHost}`;
  await command(scene, 'previewSmoke', ['--url', url, '--report-dir', reports, '--timeout', '4'], 2);
  await command(scene, 'deploy', ['list']);

  step('Alert the team, gather the evidence');
  const start = ['start', '--title', 'Agents act on a broken staging', '--kind', 'supabase', '--severity', 'high'];
  await command(scene, 'incident', [...start, '--yes']);

  step('Stop the agents, production’s too: level 1');
  await command(scene, 'killSwitch', ['off', '--reason', 'drill: staging is broken', ...consent]);

  step('An agent tries, and is refused; prove it');
  const { superuser } = await scene.database();
  await superuser.query(
    `insert into agent_execution_traces (request_id, correlation_id, step_name, status, payload)
     values ('drill', 'drill', 'execution.gate.denied', 'blocked', '{"killSwitchEnabled": true, "killSwitchSource": "db"}')`,
  );
  await command(scene, 'killSwitch', ['verify', '--grace', '0', '--timeout', '20']);

  step('Suppose that the database is not to be trusted: level 2, the Edge Function secret');
  const emergency = ['--emergency', '--direct', ...consent];
  await command(scene, 'killSwitch', ['off', '--reason', 'drill: be sure', ...emergency]);

  step('Roll back to the last deploy whose smoke test passed');
  await command(scene, 'deploy', ['rollback', '--yes', '--timeout', '60']);
  if (deployOfHost(scene.stateDir, productionHost)?.deploy.id !== production)
    throw new Error('Production serves another deploy.');
  await command(scene, 'incident', ['update', '--text', 'Rolled back; production was never touched', '--yes']);

  step('The agents wrote nonsense: set the database back by an hour, and apply the migrations again');
  const hourAgo = new Date(Math.floor(Date.now() / 1000) * 1000 - 3600_000).toISOString();
  const restore = ['restore', '--to', hourAgo, '--confirm-to', hourAgo, '--timeout', '60', ...consent];
  await command(scene, 'incident', [...restore, '--application', scene.application]);

  step('Let the agents act again, on both levels');
  await command(scene, 'killSwitch', ['restore', '--reason', 'drill: staging is well', ...emergency]);
  await command(scene, 'killSwitch', ['restore', '--reason', 'drill: staging is well', ...consent]);
  await command(scene, 'killSwitch', ['status']);

  step('Deploy anew, with the smoke test');
  await command(scene, 'deploy', ['trigger', '--yes', '--via', 'netlify', '--timeout', '60', ...smoke]);

  step('Close with the root cause, once the smoke test has passed');
  await command(scene, 'incident', ['close', '--root-cause', 'The drill broke it', '--url', url, '--yes', ...smoke]);
  const incidents = join(scene.folder, 'incidents');
  const document = readdirSync(incidents).find((name) => name.endsWith('.md'));
  if (document === undefined) throw new Error('No root-cause document was written.');
  print(readFileSync(join(incidents, document), 'utf8'));
  const told = scene.slack.messages().length;
  if (told !== 4) throw new Error(`#deployments has ${told} messages instead of 4.`);
}

function step(title: string): void {
  if (asked.signal !== undefined) throw new Error('The drill was stopped.');
  print(`\n── ${title}`);
}

/** Runs one of the project's commands as a person would; throws when it does not end with `wanted`. */
async function command(scene: Scene, name: string, args: readonly string[], wanted = 0): Promise<void> {
  const root = projectRoot();
  say(`$ ${typed(name, args).replaceAll(scene.folder, '…')}`);
  const launcher = join(root, 'launch', 'command.mjs');
  const child = spawn(process.execPath, [launcher, `commands/${name}/command.ts`, ...args], {
    cwd: root,
    env: scene.environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  handsEndOn(child, () => undefined);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== wanted) throw new Error(`The drill stops here: ${name} ended with ${String(code)}, not ${wanted}.`);
}

/** The command as a person types it. */
function typed(name: string, args: readonly string[]): string {
  const scripts: Readonly<Record<string, string>> = { previewSmoke: 'preview:smoke', killSwitch: 'kill-switch' };
  const [verb, ...rest] = args;
  if (name === 'deploy') return `npm run deploy:${verb ?? ''} -- ${shellWords(rest)}`;
  return `npm run ${scripts[name] ?? name} -- ${shellWords(args)}`;
}
