import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createSupabaseManagement, type SupabaseManagement } from '../../sandbox/supabaseManagement/service.ts';
import { startWorld, type World } from './world.ts';

const documents = ['docs/STAGING_OPERATIONS.md', 'docs/INCIDENT_RESPONSE.md', 'docs/supabase_branching.md'];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Every command in a fenced block, as a person would copy it. */
const commands = documents.flatMap((document) =>
  [...readFileSync(document, 'utf8').matchAll(/^ *```bash\n([\s\S]*?)^ *```/gm)]
    .flatMap(([, block = '']) => block.trim().split('\n'))
    .map((line) => [document, line.trim()] as const),
);

let world: World;
let management: SupabaseManagement;
beforeAll(async () => {
  world = await startWorld({ services: (stateDir) => [(management = createSupabaseManagement({ stateDir }))] });
  const id = await world.deploy('develop', 'good');
  await world.deploy('develop', 'bad');
  const at = '2026-01-01T10:00:00Z';
  const sha = 'a'.repeat(40);
  const creator = 'github-actions[bot]';
  world.repository((repository) => {
    const status = { state: 'success', creator, description: '', environment: 'staging', logUrl: '', createdAt: at };
    const environmentUrl = `https://${id}--allincompassing.netlify.app`;
    repository.deployments.push({
      ...{ id: 5000, ref: 'develop', sha, task: 'deploy', environment: 'staging', description: null, payload: {} },
      ...{ creator, transient: false, production: false, createdAt: at, updatedAt: at },
      statuses: [{ ...status, id: 5001, environmentUrl }],
    });
    repository.workflowRuns.push({
      ...{ id: 1, workflow: '.github/workflows/ci.yml', number: 1, event: 'push', headBranch: 'develop', headSha: sha },
      ...{ createdAt: at, updatedAt: at, attempt: 1, status: 'completed', conclusion: 'failure', jobs: [] },
    });
  });
  const { superuser } = await world.supabase.database();
  await superuser.query("update agent_runtime_config set actions_disabled = true where config_key = 'global'");
}, 60_000);
afterAll(() => world.close());

it('has commands to copy in every document', () => {
  expect(new Set(commands.map(([document]) => document)).size).toBe(documents.length);
});

it.each(commands)(
  '%s: %s',
  async (_, line) => {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    const [npm, run, script = '', dashes, ...args] = words;
    expect([npm, run]).toEqual(['npm', 'run']);
    expect(dashes === undefined || dashes === '--').toBe(true);
    const [, , entry = '', ...preset] = (scripts[script] ?? '').split(' ');
    const ended = await world.run(entry, [...preset, ...args], {
      SUPABASE_ACCESS_TOKEN: management.store.state.token,
      SUPABASE_API_URL: world.urls.supabaseManagement ?? '',
    });
    // 2 is an answer, too: no agent has tried anything here, and no vault is at hand for the doctor.
    expect([0, 2]).toContain(ended.code);
    expect(ended.stderr).not.toContain('--help shows');
    expect(world.writes().filter((write) => !write.includes('/deploys'))).toEqual([]);
  },
  60_000,
);
