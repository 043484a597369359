import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../operations/drift/finding.ts';
import { largestSet, standTogether, type World } from '../../sandbox/drift/injection.ts';
import { injections } from '../../sandbox/drift/injections.ts';
import { provision, startProject, type Ended, type Project } from '../support/project.ts';

type By = Finding['fix']['by'];

/** Every kind that the sandbox can make: how bad it must be called, and who must be said to heal it. */
const expected: Readonly<Record<string, readonly [Finding['severity'], By]>> = {
  'variable-missing': ['high', 'machine'],
  'context-missing': ['high', 'machine'],
  'secret-context-missing': ['high', 'machine'],
  'production-context-missing': ['critical', 'ask'],
  'value-changed': ['high', 'machine'],
  'value-empty': ['critical', 'machine'],
  'production-value-changed': ['critical', 'ask'],
  'secret-changed': ['high', 'machine'],
  'shared-secret-changed': ['critical', 'ask'],
  'secret-readable': ['critical', 'machine'],
  'secret-flag-irreversible': ['medium', 'person'],
  'scope-missing': ['high', 'machine'],
  'branch-value-undeclared': ['medium', 'ask'],
  'context-undeclared': ['medium', 'person'],
  'all-context-undeclared': ['high', 'person'],
  'variable-undeclared': ['low', 'person'],
  'staging-variable-undeclared': ['medium', 'ask'],
  'sensitive-variable-plain': ['high', 'person'],
  'variable-misspelt': ['medium', 'person'],
  'organization-differs': ['critical', 'machine'],
  'organization-production-differs': ['critical', 'ask'],
  'kill-switch-variable': ['high', 'person'],
  'netlify-secret-old': ['low', 'person'],
  'github-secret-missing': ['high', 'machine'],
  'github-secret-changed': ['high', 'machine'],
  'github-secret-undeclared': ['low', 'ask'],
  'github-secret-shadowed': ['high', 'ask'],
  'branch-missing': ['critical', 'person'],
  'protection-missing': ['critical', 'machine'],
  'required-check-missing': ['critical', 'machine'],
  'required-check-unpinned': ['high', 'machine'],
  'required-check-other-app': ['critical', 'machine'],
  'required-check-not-strict': ['medium', 'machine'],
  'other-check-missing': ['medium', 'machine'],
  'check-undeclared': ['medium', 'person'],
  'admins-exempt': ['high', 'machine'],
  'force-push-allowed': ['high', 'machine'],
  'deletion-allowed': ['high', 'machine'],
  'reviews-missing': ['high', 'machine'],
  'reviews-weaker': ['medium', 'machine'],
  'review-bypass': ['high', 'ask'],
  'branch-locked': ['high', 'ask'],
  'check-never-reported': ['high', 'person'],
  'check-silent': ['medium', 'person'],
  'check-failing': ['medium', 'person'],
  'check-skipped': ['high', 'person'],
  'check-forged': ['critical', 'person'],
  'check-not-on-pull-requests': ['high', 'person'],
  'vault-reference-broken': ['high', 'person'],
  'vault-value-changed': ['medium', 'machine'],
  'vault-production-value-changed': ['high', 'person'],
};

let project: Project;
let undo: () => void;
beforeAll(async () => {
  project = await startProject();
  await provision(project);
  undo = snapshot(project);
}, 900_000);
afterAll(() => project.close());

/** Remembers services, vault and stack; the function brings them back. */
function snapshot({ sandbox, environment }: Project): () => void {
  const { netlify, onepassword } = sandbox.standIns();
  const site = structuredClone(netlify.store.state);
  const githubFile = join(sandbox.stateDir, 'github.json');
  const github = readFileSync(githubFile);
  const fields = onepassword.vault.list().map(({ label }) => [label, onepassword.vault.read(label)] as const);
  const state = fileURLToPath(environment.PULUMI_BACKEND_URL ?? '');
  cpSync(state, `${state}.saved`, { recursive: true });
  return () => {
    netlify.store.update((now) => Object.assign(now, structuredClone(site)));
    writeFileSync(githubFile, github);
    for (const [label, value] of fields) onepassword.vault.set(label, value);
    rmSync(state, { recursive: true });
    cpSync(`${state}.saved`, state, { recursive: true });
  };
}

const world = (): World => ({
  netlify: project.sandbox.standIns().netlify,
  vault: project.sandbox.standIns().onepassword.vault,
  stateDir: project.sandbox.stateDir,
});

/** Runs the command; with the vault only where it matters, because signing in takes its time. */
function drift(args: readonly string[], vault: boolean): Promise<Ended> {
  return project.command('operations/drift.ts', args, { env: vault ? {} : { STAGING_VAULT: 'off' } });
}

async function findings(args: readonly string[], vault = false): Promise<{ code: number | null; found: Finding[] }> {
  const { code, output } = await drift([...args, '--json'], vault);
  const start = output.indexOf('{\n');
  if (start === -1) throw new Error(output);
  const { findings: found, errors } = JSON.parse(output.slice(start)) as { findings: Finding[]; errors: string[] };
  expect(errors).toEqual([]);
  return { code, found };
}

const shortly = (found: readonly Finding[]) => found.map(({ kind, severity, fix }) => [kind, severity, fix.by]);

/** The arguments of a printed `npm run drift -- …`. */
function argumentsOf(command: string): string[] {
  const [, given = ''] = /^npm run drift -- (.*)$/.exec(command) ?? [];
  return given.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));
}

describe('drift behind the program’s back', () => {
  it('has a row for each kind that the sandbox makes, at least 40', () => {
    expect(Object.keys(expected)).toEqual(Object.keys(injections));
    expect(Object.keys(expected).length).toBeGreaterThanOrEqual(40);
  });

  it.each(Object.entries(expected))(
    'finds %s, and its printed command heals it',
    async (kind, [severity, by]) => {
      const vault = kind.startsWith('vault-');
      const start = project.sandbox.log().length;
      injections[kind]?.inject(world());
      try {
        const { code, found } = await findings([], vault);
        expect(shortly(found)).toEqual([[kind, severity, by]]);
        expect(code).toBe(2);
        const writes = project.sandbox.log().slice(start);
        expect(writes.filter(({ effects }) => effects.length > 0)).toEqual([]);
        if (by === 'person') return;
        const args = argumentsOf(found[0]?.fix.command ?? '');
        expect(args).toContain('--only');
        const healed = await findings([...args, '--yes'], vault || kind.startsWith('vault-'));
        expect(shortly(healed.found)).toEqual([]);
        expect(healed.code).toBe(0);
      } finally {
        undo();
      }
    },
    60_000,
  );

  it('finds all of the largest set that can stand together, and heals what a machine can', async () => {
    const kinds = largestSet(injections);
    expect(kinds.length).toBeGreaterThanOrEqual(35);
    for (const a of kinds) {
      for (const b of kinds) {
        const [one, other] = [injections[a], injections[b]];
        if (a !== b && one && other) expect([a, b, standTogether(one, other)]).toEqual([a, b, true]);
      }
    }
    try {
      for (const kind of kinds) injections[kind]?.inject(world());
      const before = await findings([], true);
      expect(before.found.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
      const after = await findings(['--fix', '--yes'], true);
      const left = kinds.filter((kind) => expected[kind]?.[1] !== 'machine');
      expect(after.found.map(({ kind }) => kind).sort()).toEqual(left.sort());
      expect([before.code, after.code]).toEqual([2, 2]);
    } finally {
      undo();
    }
  }, 120_000);

  it('leaves nothing for the engine to change after it has healed', async () => {
    try {
      for (const kind of [
        'variable-missing',
        'value-changed',
        'secret-changed',
        'github-secret-changed',
        'admins-exempt',
      ])
        injections[kind]?.inject(world());
      expect((await findings(['--fix', '--yes'])).found).toEqual([]);
      const preview = await project.pulumi(['preview', '--refresh', '--expect-no-changes']);
      expect([preview.code, preview.output]).toEqual([0, expect.any(String)]);
    } finally {
      undo();
    }
  }, 120_000);

  it('never writes outside staging’s contexts unless the finding is named', async () => {
    const foreign = () =>
      project
        .netlify()
        .filter(({ context }) => context !== 'branch')
        .map(({ key, context, value }) => `${key} ${context} ${value}`);
    try {
      for (const kind of largestSet(injections)) injections[kind]?.inject(world());
      const before = foreign();
      await findings(['--fix', '--yes'], true);
      expect(foreign()).toEqual(before);
    } finally {
      undo();
    }
  }, 120_000);

  it('reports nothing on an untouched environment, in 100 runs', async () => {
    for (let run = 1; run <= 100; run += 1) {
      const { code, found } = await findings([]);
      expect([run, code, found]).toEqual([run, 0, []]);
    }
  }, 300_000);

  it('costs the same number of requests however many variables there are', async () => {
    const start = project.sandbox.log().length;
    await findings([]);
    const calls = project.sandbox.log().slice(start);
    expect(calls.filter(({ service }) => service === 'netlify')).toHaveLength(1);
    expect(calls.filter(({ service }) => service === 'github').length).toBeLessThanOrEqual(12);
    expect(calls.filter(({ service }) => service === 'onepassword')).toHaveLength(0);
  }, 30_000);
});
