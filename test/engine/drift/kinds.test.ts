import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Export } from '../../../engine/deployment.ts';
import { startPassphraseKey } from '../../../engine/passphrase.ts';
import { recorded } from '../../../engine/recorded.ts';
import { readPreview, type Step } from '../../../commands/pullRequestComment/preview.ts';
import { refreshInProgram } from '../../../engine/pulumi.ts';
import { injectionsFor, largestSet, standTogether } from '../../../sandbox/drift/injection.ts';
import { injections as every } from '../../../sandbox/drift/injections.ts';
import type { Fault } from '../../../sandbox/server/faults.ts';
import { applicationOf, localFileOf, ownInjections } from '../../support/drift/driftInjections.ts';
import {
  argumentsOf,
  canaries,
  drift,
  ofPerson,
  plainOf,
  runInProject,
  shortly,
  siteOf,
  snapshot,
  worldOf,
  type Looked,
  type LookWith,
} from '../../support/drift/driftProject.ts';
import { afterPrinted, companions, expected, expectedOwn } from '../../support/drift/driftRows.ts';
import { sharedProject } from '../../support/sharedProject.ts';
import { expectFine, startProject, type Project } from '../../support/project.ts';

// Of an organization: classic protection knows kinds that a ruleset does not. The rest is in driftRuleset.test.ts.
const injections = injectionsFor('classic', every);
let project: Project;
let undo: () => Promise<void>;
beforeAll(async () => {
  const protection = ['allincompassing:github', 'protection'];
  const values = ['allincompassing:values'];
  project = await startProject({
    organization: true,
    stage: 'provisioned',
    configuration: [
      [['github:writeDelayMs'], '1'],
      [[...protection, 'requireSignedCommits'], true],
      [[...protection, 'requireConversationResolution'], true],
      [[...protection, 'restrictions'], { users: ['maintainer'] }],
      [[...values, 'SLACK_ALERTS_CHANNEL'], { value: '#deployments', actionsVariable: true }],
      [[...values, 'SUPABASE_PROJECT_ID'], { value: sharedProject.ref, actionsVariable: true }],
      [[...values, 'OPENAI_API_KEY', 'edgeFunction'], true],
      [[...values, 'DEFAULT_ORGANIZATION_ID', 'edgeFunction'], true],
    ],
  });
  // The pipeline packs commands of this repository for the application's.
  for (const shared of ['pipeline', 'commands']) symlinkSync(resolve(shared), join(project.root, shared));
  const application = applicationOf(project);
  cpSync(join('sandbox', 'app'), application, {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist|\.netlify)(\/|$)/.test(path),
  });
  await expectFine(project.command('commands/pipeline/command.ts', ['apply', application, '--yes', '--no-lock']));
  undo = snapshot(project);
}, 900_000);
afterAll(() => project.close());

/** A look, without what the application's own readers show: applicationReaders.test.ts. */
async function look(args: readonly string[] = [], more: LookWith = {}): Promise<Looked> {
  const seen = await drift(project, args, more);
  return { ...seen, found: seen.found.filter(({ kind }) => !/^value-(not|read)-/.test(kind)) };
}

async function inject(...kinds: readonly string[]): Promise<void> {
  for (const kind of kinds) {
    if (!injections[kind]) throw new Error(`no kind ${kind}`);
    await injections[kind].inject(worldOf(project));
  }
}

const effectsSince = (start: number) =>
  project.sandbox
    .log()
    .slice(start)
    .flatMap(({ effects }) => effects);

/** What a kind needs to be seen that costs time. */
const seeing = (kind: string): LookWith => ({
  vault: kind.startsWith('vault-'),
  // Supabase is read with its own token.
  database: /^(kill-switch|edge-secret)-/.test(kind) && kind !== 'kill-switch-variable',
  ...(kind === 'organization-running-differs' && { env: siteOf(project) }),
});

describe('drift behind the program’s back', () => {
  it('has a row for each kind that the sandbox makes, at least 40', () => {
    expect(Object.keys(expected).sort()).toEqual(Object.keys(injections).sort());
    expect(Object.keys(expected).length).toBeGreaterThanOrEqual(40);
  });

  const rows = Object.entries(expected).map(([kind, [severity, by]]) => {
    const fixed = by !== 'person' || kind in afterPrinted;
    return [kind, fixed ? 'its printed command fixes it' : 'leaves it to a person', severity, by] as const;
  });
  it.each(rows)(
    'finds %s, and %s',
    async (kind, _, severity, by) => {
      const rest = companions[kind] ?? [];
      await inject(kind);
      const start = project.sandbox.log().length;
      try {
        const { code, found, errors } = await look([], seeing(kind));
        expect([shortly(found), errors]).toEqual([[[kind, severity, by], ...rest], []]);
        expect(code).toBe(2);
        expect(effectsSince(start)).toEqual([]);
        const command = found[0]?.fix.command ?? '';
        if (by === 'person') {
          if (!(kind in afterPrinted)) return;
          for (const each of [...ofPerson(command), ...(afterPrinted[kind] ?? [])]) await runInProject(project, each);
          expect(shortly((await look([], seeing(kind))).found)).toEqual([]);
          return;
        }
        const args = argumentsOf(command);
        expect(args).toContain('--only');
        const fixed = await look([...args, '--yes', '--project', sharedProject.ref], seeing(kind));
        expect([shortly(fixed.found), fixed.errors]).toEqual([rest, []]);
        expect(fixed.code).toBe(rest.length === 0 ? 0 : 2);
      } finally {
        await undo();
      }
    },
    120_000,
  );

  it.each(Object.entries(expectedOwn))(
    'finds %s, and what it prints fixes it',
    async (kind, [severity, by]) => {
      const own = ownInjections[kind];
      if (!own) throw new Error(`no kind ${kind}`);
      const given = own.args?.(project) ?? [];
      own.inject(project);
      try {
        const { code, found, errors } = await look(given);
        expect([shortly(found), errors, code]).toEqual([[[kind, severity, by]], [], 2]);
        const command = found[0]?.fix.command ?? '';
        if (by === 'machine') {
          const fixed = await look([...given, ...argumentsOf(command), '--yes']);
          expect([shortly(fixed.found), fixed.errors, fixed.code]).toEqual([[], [], 0]);
          return;
        }
        for (const each of own.fix?.(project) ?? []) await runInProject(project, each);
        if (own.fix) expect(shortly((await look(given)).found)).toEqual([]);
      } finally {
        rmSync(localFileOf(project), { force: true });
        await undo();
      }
    },
    180_000,
  );

  it('finds all of the largest set that can stand together, and fixes what a machine can, in staging alone', async () => {
    const kinds = largestSet(injections);
    expect(kinds.length).toBeGreaterThanOrEqual(35);
    for (const a of kinds) {
      for (const b of kinds) {
        const [one, other] = [injections[a], injections[b]];
        if (a !== b && one && other) expect([a, b, standTogether(one, other)]).toEqual([a, b, true]);
      }
    }
    const foreign = () =>
      project
        .netlify()
        .filter(({ context }) => context !== 'branch')
        .map(({ key, context, value }) => `${key} ${context} ${value}`);
    try {
      await inject(...kinds);
      const production = foreign();
      const everywhere = { vault: true, database: true, env: siteOf(project) };
      const before = await look([], everywhere);
      expect(before.found.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
      const after = await look(['--fix', '--yes'], everywhere);
      const left = kinds.filter((kind) => expected[kind]?.[1] !== 'machine');
      expect(after.found.map(({ kind }) => kind).sort()).toEqual(left.sort());
      expect([before.code, after.code]).toEqual([2, 2]);
      expect(foreign().every((value) => production.includes(value))).toBe(true);
      expect(foreign()).toHaveLength(production.length);
      for (const { output } of [before, after]) expect(canaries(project, output)).toEqual([]);
    } finally {
      await undo();
    }
  }, 240_000);

  it('leaves nothing for the engine to change after it has fixed', async () => {
    try {
      await inject('variable-missing', 'value-changed', 'secret-changed', 'github-secret-changed', 'admins-exempt');
      expect((await look(['--fix', '--yes'])).found).toEqual([]);
      await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    } finally {
      await undo();
    }
  }, 240_000);

  it.each([
    ['with the vault', {}],
    ['without it', { STAGING_VAULT: 'off' }],
  ])(
    'is the same in a preview that refreshes while the program runs as in one that does so before, %s',
    async (_, env) => {
      const steps = async (more: Readonly<Record<string, string>>) => {
        const output = await expectFine(
          project.pulumi(['preview', '--refresh', '--json'], { env: { ...env, ...more } }),
        );
        const seen = readPreview(output.slice(output.indexOf('{\n'))).steps;
        return seen.map((step) => ({ ...step, properties: [...step.properties].sort() })).sort(byUrn);
      };
      const byUrn = (a: Step, b: Step) => (a.urn + a.op < b.urn + b.op ? -1 : 1);
      try {
        await inject('value-changed', 'admins-exempt');
        const before = await steps({});
        expect(before.map(({ resource }) => resource)).toEqual([
          expect.stringContaining('EnvironmentVariable netlify-SUPABASE_URL'),
          expect.stringContaining('BranchProtectionV3 required-check-develop'),
        ]);
        expect(await steps(refreshInProgram)).toEqual(before);
      } finally {
        await undo();
      }
    },
    120_000,
  );

  it('reports nothing on an untouched environment, in 100 runs', async () => {
    for (let run = 1; run <= 100; run += 1) {
      const { code, found, errors } = await look();
      expect([run, code, found, errors]).toEqual([run, 0, [], []]);
    }
  }, 600_000);

  it('costs the same number of requests however many variables there are', async () => {
    const start = project.sandbox.log().length;
    await look();
    const calls = project.sandbox.log().slice(start);
    // The site's variables, and the team's.
    expect(calls.filter(({ service }) => service === 'netlify')).toHaveLength(2);
    // One list a place, of the repository and of the deploy job's environment: variables are declared here, too.
    expect(calls.filter(({ service }) => service === 'github').length).toBeLessThanOrEqual(13);
    expect(calls.filter(({ service }) => service === 'onepassword')).toHaveLength(0);
  }, 60_000);

  it('reads of the state what Pulumi itself decrypts', async () => {
    const shown = async (...args: string[]) =>
      JSON.parse(await expectFine(project.pulumi(['stack', 'export', '--stack', 'staging', ...args]))) as Export;
    const key = startPassphraseKey(project.root, 'staging', project.environment);
    const isCurrent = () => Promise.resolve(true);
    const here = recorded(await shown(), true, isCurrent, await key?.decrypt);
    expect(plainOf(here)).toEqual(plainOf(recorded(await shown('--show-secrets'), true, isCurrent)));
    expect(plainOf(here).flatMap(([, values]) => values)).not.toContain(undefined);
  }, 60_000);
});

describe('a look at services of which some cannot be read', () => {
  const failures: readonly (readonly [string, Omit<Fault, 'service'>])[] = [
    ...[401, 403, 404].map((status) => [`${status}`, { status, body: '{}' }] as const),
    ['429', { status: 429, headers: { 'retry-after': '0.01' } }],
    ['500', { status: 500, headers: { 'retry-after': '0.01' } }],
    ['a reset', { connection: 'reset' }],
    ['a time-out', { connection: 'hang' }],
    ['half an answer', { connection: 'half' }],
  ];

  it.each(failures)(
    'exits 1 after %s, names what failed, and still finds what it can see',
    async (_, fault) => {
      try {
        await inject('value-changed', 'github-secret-changed', 'vault-production-value-changed', 'kill-switch-on');
        const lookWithout = async (...services: readonly string[]) => {
          project.sandbox.faults.set(services.map((service) => ({ ...fault, service })));
          // Only a vault that hangs needs a short limit: signing in takes its time on a busy machine.
          const STAGING_VAULT_TIMEOUT = services.includes('onepassword') ? '4' : '60';
          const env = { STAGING_REQUEST_TIMEOUT: '1', STAGING_VAULT_TIMEOUT };
          const seen = await look([], { vault: true, database: true, env });
          expect(canaries(project, seen.output)).toEqual([]);
          return seen;
        };
        const one = await lookWithout('netlify', 'onepassword');
        expect(one.code).toBe(1);
        expect(one.found.map(({ kind }) => kind).sort()).toEqual(['github-secret-changed', 'kill-switch-on']);
        expect(one.errors.join('\n')).toMatch(/Netlify[^]*1Password|1Password[^]*Netlify/);
        // 404 is GitHub's and Supabase's word for what is not there: the repository itself has to answer.
        const other = await lookWithout('github', 'supabase');
        expect(other.code).toBe(1);
        expect(other.found.map(({ kind }) => kind).sort()).toEqual(['value-changed', 'vault-production-value-changed']);
        expect(other.errors.join('\n')).toMatch(/GitHub[^]*Supabase|Supabase[^]*GitHub/);
      } finally {
        project.sandbox.faults.set([]);
        await undo();
      }
    },
    300_000,
  );

  it('fixes nothing while something cannot be seen', async () => {
    try {
      await inject('value-changed', 'github-secret-changed');
      project.sandbox.faults.set([{ service: 'github', status: 403, path: '/actions/secrets' }]);
      const start = project.sandbox.log().length;
      const { code, output } = await project.command('commands/drift/command.ts', ['--fix', '--yes'], {
        env: { STAGING_VAULT: 'off' },
      });
      expect([code, output]).toEqual([1, expect.stringContaining('Nothing was fixed')]);
      expect(effectsSince(start)).toEqual([]);
    } finally {
      project.sandbox.faults.set([]);
      await undo();
    }
  }, 60_000);
});
