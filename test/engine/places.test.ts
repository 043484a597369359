import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { githubSecrets, githubVariables, updateGitHub } from '../../sandbox/standIns/github/index.ts';
import { after, now } from '../../sandbox/standIns/github/state.ts';
import type { Repository } from '../../sandbox/standIns/github/records.ts';
import { kindOf } from '../../commands/drift/placedKinds.ts';
import { managedPlaces, type ManagedPlace } from '../../places/places.ts';
import { sharedProject } from '../support/sharedProject.ts';
import { argumentsOf, canaries, drift } from '../support/drift/driftProject.ts';
import { expectFine, startProject, type Ended, type Project } from '../support/project.ts';

/** What stands in a place at its service, past every API. */
interface Hand {
  /** The value of this name; `undefined` when it is not there. */
  read(project: Project, name: string): string | undefined;
  /** Writes it as somebody would by hand; removes it with `undefined`. */
  write(project: Project, name: string, value: string | undefined, at?: Date): void;
}

const onGithub = (kind: 'secrets' | 'variables', read: typeof githubSecrets): Hand => ({
  read: ({ sandbox }, name) => read(sandbox.stateDir).find((each) => each.name === name)?.value,
  write: ({ sandbox }, name, value, at) =>
    updateGitHub(sandbox.stateDir, ({ repositories: [repository] }) => {
      if (repository) edit(repository, kind, name, value, at);
    }),
});

function edit(
  repository: Repository,
  kind: 'secrets' | 'variables',
  name: string,
  value: string | undefined,
  at: Date | undefined,
): void {
  const before = repository[kind].find((each) => each.name === name);
  repository[kind] = repository[kind].filter((each) => each !== before);
  if (value === undefined) return;
  const updatedAt = at ? `${at.toISOString().slice(0, 19)}Z` : before ? after(before.updatedAt) : now();
  repository[kind].push({ name, value, createdAt: before?.createdAt ?? updatedAt, updatedAt });
}

const hands: Readonly<Record<ManagedPlace, Hand>> = {
  actionsSecret: onGithub('secrets', githubSecrets),
  actionsVariable: onGithub('variables', githubVariables),
  edgeFunction: {
    read: ({ sandbox }, name) => sandbox.standIns().supabaseManagement.store.state.secrets?.[name]?.value,
    write: ({ sandbox }, name, value, at = new Date()) =>
      sandbox.standIns().supabaseManagement.store.update((state) => {
        const others = Object.entries(state.secrets ?? {}).filter(([each]) => each !== name);
        const own = value === undefined ? [] : [[name, { value, updatedAt: at.toISOString() }] as const];
        state.secrets = Object.fromEntries([...others, ...own]);
      }),
  },
};

/** A command that must fail, and say why. */
async function expectFailure(work: Promise<Ended>, reason: RegExp): Promise<void> {
  const { code, output } = await work;
  expect(code).not.toBe(0);
  expect(output.replace(/\s+/g, ' ')).toMatch(reason);
}

describe.each(managedPlaces)('a value in the place %s', (place) => {
  const hand = hands[place];
  const name = 'CONTRACT_VALUE';
  const alias = 'CONTRACT_ALIAS';
  const label = 'openai_api_key';
  const isProductions = place === 'edgeFunction';
  let project: Project;
  const vault = () => project.sandbox.standIns().onepassword.vault;
  const live = () => hand.read(project, name);
  const up = (env: Record<string, string> = {}) => project.pulumi(['up', '--yes', '--skip-preview'], { env });
  const outputs: string[] = [];

  beforeAll(async () => {
    project = await startProject();
    project.configure(['github:writeDelayMs'], '1');
    project.configure(['allincompassing:values'], {
      [name]: { from: `op://Platform/Supabase/${label}`, [place]: [true, alias] },
    });
    hand.write(project, 'OF_SOMEBODY_ELSE', 'kept');
  }, 900_000);
  afterAll(() => project.close());

  it('is not replaced unseen, is taken over, and then belongs to the stack', async () => {
    hand.write(project, name, vault().read(label));
    hand.write(project, alias, vault().read(label));
    const start = project.sandbox.log().length;
    await expectFailure(
      project.pulumi(['preview']),
      new RegExp(`(${name}|${alias}) is there already, but not in this stack`),
    );
    outputs.push(await expectFine(project.command('commands/adopt/command.ts', ['--yes'])));
    expect(
      project.sandbox
        .log()
        .slice(start)
        .flatMap(({ effects }) => effects),
    ).toEqual([]);
    outputs.push(await expectFine(up()));
    outputs.push(await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes', '--diff'])));
    expect(live()).toBe(vault().read(label));
    const { code, found } = await drift(project, [], { database: true });
    expect([code, found]).toEqual([0, []]);
  }, 240_000);

  it.each([
    ['changed', name, 'somebody wrote this'],
    ['missing', name, undefined],
    ['alias-differs', alias, 'somebody wrote this'],
  ] as const)(
    'is found when it is %s, and written back by the printed command',
    async (what, here, value) => {
      hand.write(project, here, value);
      const { code, found, output } = await drift(project, [], { database: true });
      outputs.push(output);
      expect([code, found.map(({ kind }) => kind)]).toEqual([2, [kindOf(place, what)]]);
      const args = argumentsOf(found[0]?.fix.command ?? '');
      const fixed = await drift(project, [...args, '--yes', '--project', sharedProject.ref], { database: true });
      expect([fixed.code, fixed.found]).toEqual([0, []]);
      expect([live(), hand.read(project, alias)]).toEqual([vault().read(label), vault().read(label)]);
      await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    },
    120_000,
  );

  it('of nobody is found when it came after the last update, and what is printed settles it', async () => {
    hand.write(project, 'LEFTOVER', 'of nobody', new Date(Date.now() + 5000));
    const { found } = await drift(project, [], { database: true });
    expect(found.map(({ id }) => id)).toEqual([`${kindOf(place, 'undeclared')}:LEFTOVER`]);
    const [{ fix } = { fix: undefined }] = found;
    if (isProductions) {
      expect(fix?.by).toBe('person');
      hand.write(project, 'LEFTOVER', undefined);
      return;
    }
    const fixed = await drift(project, [...argumentsOf(fix?.command ?? ''), '--yes'], { database: true });
    expect([fixed.found, hand.read(project, 'LEFTOVER')]).toEqual([[], undefined]);
  }, 120_000);

  it('is rotated in place, production’s only when that was asked for', async () => {
    vault().rotate(label);
    if (isProductions) {
      await expectFailure(up(), new RegExp(`the Edge Function secret (${name}|${alias}) would become another value`));
      expect(live()).not.toBe(vault().read(label));
    }
    const said = await expectFine(up(isProductions ? { STAGING_PRODUCTION_CHANGES: 'allow' } : {}));
    if (isProductions) expect(said).toContain(`THIS RUN WRITES PRODUCTION: ${name} (Edge Functions)`);
    outputs.push(said);
    expect(live()).toBe(vault().read(label));
    await expectFine(project.pulumi(['preview', '--expect-no-changes']));
  }, 120_000);

  it('stays at its service when it leaves the configuration, as what is not ours does', async () => {
    project.configure(['allincompassing:values'], { OTHER_VALUE: { value: 'on', netlify: true } });
    await expectFine(up());
    expect(live()).toBe(vault().read(label));
    expect(hand.read(project, 'OF_SOMEBODY_ELSE')).toBe('kept');
    outputs.push(await expectFine(project.pulumi(['stack', 'export'])));
    expect(outputs.flatMap((text) => canaries(project, text))).toEqual([]);
  }, 120_000);
});
