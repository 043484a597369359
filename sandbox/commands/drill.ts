import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../settings/projectRoot.ts';
import { callerEnvironment } from '../callerEnvironment.ts';
import { createGitHub, githubTokens, seedGitHub, updateGitHub } from '../github/index.ts';
import { site, supabase as project } from '../identity.ts';
import { createNetlify, deployOfHost, netlifyTokens, seedNetlify } from '../netlify/index.ts';
import { Faults } from '../server/faults.ts';
import { serve } from '../server/serve.ts';
import { createSlack } from '../slack/service.ts';
import { createKeys } from '../supabase/keys.ts';
import { createSupabase } from '../supabase/service.ts';
import { print, type Subcommand, tell } from './subcommand.ts';

export const drill: Subcommand = {
  usage: '',
  summary: 'play an incident: staging breaks, agents are stopped, the deploy is rolled back, the incident is closed',
  details:
    'Stand-ins of its own, the real commands as processes, nothing of it stays. Exit code 0: every step proved itself.',
  async run(args) {
    parseArgs({ args: [...args] });
    const scene = await openScene();
    try {
      await play(scene);
      print('\nThe drill is over: every step proved itself.');
      return 0;
    } finally {
      await scene.close();
    }
  },
};

type Scene = Awaited<ReturnType<typeof openScene>>;

async function openScene() {
  const folder = mkdtempSync(join(tmpdir(), 'drill-'));
  const stateDir = join(folder, 'state');
  seedNetlify(stateDir, { liveDeploy: true });
  seedGitHub(stateDir, { workflows: { '.github/workflows/ci.yml': 'CI' } });
  const keys = createKeys(randomBytes(32).toString('hex'), project.projectRef);
  const supabase = createSupabase({ keys, migrations: [join(projectRoot(), 'pipeline/supabase/migrations')] });
  const webhookPath = `/services/T${randomBytes(4).toString('hex')}/B1/${randomBytes(12).toString('hex')}`;
  const slack = createSlack({ stateDir, webhookPath });
  const options = { port: 0, faults: new Faults(), log: () => undefined };
  const services = [createNetlify({ stateDir }), createGitHub({ stateDir }), supabase, slack];
  const servers = await Promise.all(services.map((service) => serve(service, options)));
  const [netlifyUrl = '', githubUrl = '', supabaseUrl = '', slackUrl = ''] = servers.map(
    ({ port }) => `http://127.0.0.1:${port}`,
  );
  // GitHub's runners: whatever is started again succeeds a moment later.
  const runners = setInterval(() => {
    updateGitHub(stateDir, ({ repositories }) => {
      for (const run of repositories[0]?.workflowRuns ?? []) {
        if (run.status !== 'completed') Object.assign(run, { status: 'completed', conclusion: 'success' });
      }
    });
  }, 1000);
  return {
    folder,
    stateDir,
    slack,
    database: () => supabase.database(),
    netlifyUrl,
    token: netlifyTokens(stateDir).admin,
    environment: {
      ...callerEnvironment(),
      NETLIFY_API_ENDPOINT: netlifyUrl,
      NETLIFY_API_TOKEN: netlifyTokens(stateDir).admin,
      GITHUB_BASE_URL: `${githubUrl}/`,
      GITHUB_TOKEN: githubTokens(stateDir).write,
      SUPABASE_URL: supabaseUrl,
      SUPABASE_SERVICE_ROLE_KEY: keys.serviceRoleKey,
      SLACK_WEBHOOK_URL: slackUrl + webhookPath,
      ALERT_STATE_DIR: join(folder, 'alerts'),
      STAGING_VAULT: 'off',
    },
    async close() {
      clearInterval(runners);
      await Promise.all(servers.map((server) => server.close()));
      await supabase.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function play(scene: Scene): Promise<void> {
  const dir = ['--dir', join(scene.folder, 'incidents'), '--yes'];
  const consent = ['--yes', '--project', project.projectRef];
  const host = 'allincompassing.netlify.app';
  const production = deployOfHost(scene.stateDir, host)?.deploy.id;

  step('Staging gets a good deploy, then one that breaks it');
  record(scene, await upload(scene, 'a good page'), 'a', 'success');
  record(scene, await upload(scene, 'a broken page'), 'b', 'failure');
  await command(scene, 'operations/deploy.ts', ['list']);

  step('Alert the team, gather the evidence');
  const start = ['start', '--title', 'Agents act on a broken staging', '--kind', 'agents', '--severity', 'high'];
  await command(scene, 'operations/incident.ts', [...start, ...dir]);

  step('Stop the agents');
  await command(scene, 'operations/killSwitch.ts', ['off', '--reason', 'drill: staging is broken', ...consent]);

  step('An agent tries, and is refused; prove it');
  const { superuser } = await scene.database();
  await superuser.query(
    `insert into agent_execution_traces (request_id, step_name, status, payload)
     values ('drill', 'execution.gate.denied', 'denied', '{"killSwitchEnabled": true}')`,
  );
  await command(scene, 'operations/killSwitch.ts', ['verify', '--timeout', '20']);

  step('Roll back to the last deploy whose smoke test passed');
  await command(scene, 'operations/deploy.ts', ['rollback', '--yes', '--timeout', '60']);
  if (deployOfHost(scene.stateDir, host)?.deploy.id !== production)
    throw new Error('Production serves another deploy.');
  await command(scene, 'operations/incident.ts', [
    'update',
    '--text',
    'Rolled back; production was never touched',
    ...dir,
  ]);

  step('Let the agents act again');
  await command(scene, 'operations/killSwitch.ts', ['restore', '--reason', 'drill: staging is well', ...consent]);
  await command(scene, 'operations/killSwitch.ts', ['status']);

  step('Close with the root cause');
  await command(scene, 'operations/incident.ts', ['close', '--root-cause', 'The drill broke it', ...dir]);
  const document = readdirSync(join(scene.folder, 'incidents')).find((name) => name.endsWith('.md'));
  if (document === undefined) throw new Error('No root-cause document was written.');
  print(readFileSync(join(scene.folder, 'incidents', document), 'utf8'));
  const told = scene.slack.messages().length;
  if (told !== 3) throw new Error(`#deployments has ${told} messages instead of 3.`);
}

function step(title: string): void {
  print(`\n── ${title}`);
}

/** Runs one of the project's commands as a person would; throws when it does not succeed. */
async function command(scene: Scene, entry: string, args: readonly string[]): Promise<void> {
  const root = projectRoot();
  tell(`$ ${entry.replace('operations/', '')} ${args.filter((arg) => !arg.startsWith(scene.folder)).join(' ')}`);
  const child = spawn(process.execPath, [join(root, 'launch', 'command.mjs'), entry, ...args], {
    cwd: root,
    env: scene.environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The drill stops here: ${entry} ended with ${String(code)}.`);
}

/** Deploys one page to develop, as Netlify's command line does; yields the deploy's id. */
async function upload({ netlifyUrl, token }: Scene, page: string): Promise<string> {
  const send = async (method: string, path: string, body: string, type = 'application/json') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const response = await fetch(`${netlifyUrl}/api/v1${path}`, { method, headers, body });
    return (await response.json()) as { id: string };
  };
  const { id } = await send('POST', `/sites/${site.id}/deploys`, JSON.stringify({ branch: 'develop' }));
  const files = { 'index.html': createHash('sha1').update(page).digest('hex') };
  await send('PUT', `/sites/${site.id}/deploys/${id}`, JSON.stringify({ files }));
  await send('PUT', `/deploys/${id}/files/index.html`, page, 'application/octet-stream');
  return id;
}

/** What the deploy job leaves on GitHub: a run, and a deployment with the smoke test's outcome. */
function record({ stateDir }: Scene, id: string, letter: string, outcome: 'success' | 'failure'): void {
  const at = new Date().toISOString();
  const sha = letter.repeat(40);
  const creator = 'github-actions[bot]';
  updateGitHub(stateDir, ({ repositories }) => {
    const [repository] = repositories;
    if (!repository) return;
    const next = 9000 + repository.deployments.length * 10;
    const environmentUrl = `https://${id}--allincompassing.netlify.app`;
    const status = { description: '', environment: 'staging', environmentUrl, logUrl: '', createdAt: at };
    repository.deployments.push({
      ...{ id: next, ref: 'develop', sha, task: 'deploy', environment: 'staging', description: null, payload: {} },
      ...{ creator, transient: false, production: false, createdAt: at, updatedAt: at },
      statuses: [{ ...status, id: next + 1, state: outcome, creator }],
    });
    repository.workflowRuns.push({
      ...{ id: next + 2, workflow: '.github/workflows/ci.yml', number: next, event: 'push', headBranch: 'develop' },
      ...{ headSha: sha, createdAt: at, updatedAt: at, attempt: 1, status: 'completed', conclusion: outcome, jobs: [] },
    });
  });
}
