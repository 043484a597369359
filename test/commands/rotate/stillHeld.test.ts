import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstMade, writtenBetween } from '../../../commands/rotate/firstMade.ts';
import { stillHeld } from '../../../commands/rotate/stillHeld.ts';
import { github, supabase } from '../../../sandbox/process/identity.ts';
import { createKeys } from '../../../sandbox/standIns/supabase/keys.ts';
import { plainEnvironment } from '../../../sandbox/standIns/github/environments.ts';
import { githubTokens, updateGitHub } from '../../../sandbox/standIns/github/index.ts';
import type { Permission, Repository } from '../../../sandbox/standIns/github/records.ts';
import type { RecordedValue, RecordedVariable } from '../../../engine/recorded.ts';
import { managedPlacements, resourceName } from '../../../places/places.ts';
import { declaredHolders } from '../../../rotation/holders.ts';
import { planOf } from '../../../rotation/plan.ts';
import type { Written } from '../../../rotation/ports.ts';
import { scopeOf } from '../../../rotation/scope.ts';
import { subjectOf } from '../../../rotation/subject.ts';
import { Secret } from '../../../secrets/secret.ts';
import { githubApi } from '../../../services/github/github.ts';
import { findSite, netlifyApi } from '../../../services/netlify/netlify.ts';
import { managementApi, setFunctionSecret } from '../../../services/supabase/management.ts';
import { parseSettings } from '../../../settings/settings.ts';
import { valid } from '../../settings/raw.ts';
import { netlifyProblems } from '../../support/documents/netlifyDocument.ts';
import { startWorld, type World } from '../every/world.ts';

const raw = valid();
raw.supabase.project = supabase.projectRef;
Object.assign(raw.values, {
  OUR_TOKEN: {
    from: 'op://Platform/Supabase/our_token',
    netlify: { secret: true },
    actionsSecret: true,
    edgeFunction: true,
  },
  OTHER_TOKEN: { from: 'op://Platform/Supabase/other_token', actionsSecret: true, netlify: { secret: true } },
});
const settings = parseSettings(raw);
const subject = subjectOf(settings, 'OUR_TOKEN');
const plan = planOf(settings, subject, scopeOf(subject, declaredHolders(settings), undefined, supabase.projectRef), 0);
const old = randomBytes(12).toString('hex');
const long = '2025-01-15T09:00:00Z';
const began = '2026-01-01T00:00:00Z';
const secret = (name: string, updatedAt = long) => ({ name, value: 'hidden', createdAt: long, updatedAt });
const variable = (name: string, value: string) => ({ name, value, createdAt: long, updatedAt: long });

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
beforeEach(() => {
  world.repository((repository) => {
    Object.assign(repository, { secrets: [], variables: [], environments: [], elsewhere: {} });
  });
  world.netlify((state) => (state.variables = {}));
});
afterAll(async () => {
  const problems = world.exchanges.filter(({ service }) => service === 'netlify').flatMap(netlifyProblems);
  await world.close();
  expect(problems).toEqual([]);
});

/** What the last update wrote: another value, at `long`, unless a test says otherwise. */
let recorded: { variables: Map<string, RecordedVariable>; placed: Map<string, RecordedValue> };
beforeEach(() => {
  const placed = { value: new Secret('another one'), updatedAt: long };
  recorded = {
    variables: new Map(),
    placed: new Map(managedPlacements(settings.placements).map((each) => [resourceName(each), placed])),
  };
});

/** What the last update wrote to a secret variable on Netlify. */
function wrote(key: string, value: string | undefined, writtenAt = new Date().toISOString()): void {
  const values = new Map([['branch:staging', value === undefined ? undefined : new Secret(value)] as const]);
  recorded.variables.set(key, { secret: true, scopes: [], values, writtenAt });
}

async function look(written: Written = { before: began }, value = old, repository: string = github.repository) {
  const netlify = netlifyApi(world.environment);
  const { id, accountId } = await findSite(netlify, settings.netlify);
  const sources = {
    settings,
    netlify: () => Promise.resolve({ api: netlify, site: { siteId: id, accountId } }),
    github: () => ({
      api: githubApi(world.environment),
      name: { owner: github.owner, repository },
    }),
    management: () => Promise.resolve(managementApi(world.environment)),
    recorded: () => Promise.resolve(recorded),
  };
  return stillHeld(sources, plan, [new Secret(value)], written);
}

function mayNotList(...lacks: Permission[]): void {
  const { write } = githubTokens(world.stateDir);
  updateGitHub(world.stateDir, ({ tokens }) => {
    for (const token of tokens) if (token.token === write) token.lacks = lacks;
  });
}

function onNetlify(
  key: string,
  value: string,
  more: { isSecret?: boolean; siteId?: null } = {},
  branch?: string,
): void {
  const values =
    branch === undefined
      ? [{ context: 'production' as const, value }]
      : [{ context: 'branch' as const, context_parameter: branch, value }];
  world.seedNetlify({ variables: [{ key, values, ...more }] });
}

describe('what may still hold the old value', () => {
  it('is nothing where every place is declared, or shows another value', async () => {
    world.repository((repository) => repository.secrets.push(secret('OUR_TOKEN'), secret('OTHER_TOKEN')));
    expect(await look()).toEqual({ held: [], hidden: [] });
  });

  it.each<[string, (repository: Repository) => void, RegExp]>([
    [
      'a variable of the repository',
      (repository) => repository.variables.push(variable('ADDRESS', `https://x.example/?key=${old}`)),
      /^GitHub Actions variable ADDRESS$/,
    ],
    [
      'a variable of an environment',
      (repository) =>
        repository.environments.push({
          ...plainEnvironment(901, 'production'),
          variables: [variable('ADDRESS', old)],
        }),
      /^GitHub Actions variable ADDRESS of the environment production$/,
    ],
    [
      'a variable of the organization',
      (repository) => (repository.elsewhere = { organizationVariables: [variable('ADDRESS', old)] }),
      /^GitHub organization variable ADDRESS$/,
    ],
    [
      'a secret of its name in an environment',
      (repository) =>
        repository.environments.push({ ...plainEnvironment(901, 'production'), secrets: [secret('OUR_TOKEN')] }),
      /^GitHub Actions secret OUR_TOKEN of the environment production, which this configuration does not write/,
    ],
    [
      'a secret of its name that Dependabot has',
      (repository) => (repository.elsewhere = { dependabot: [secret('OUR_TOKEN')] }),
      /^Dependabot secret OUR_TOKEN, which/,
    ],
  ])('is %s', async (_, change, line) => {
    world.repository(change);
    expect(await look()).toEqual({ held: [expect.stringMatching(line)], hidden: [] });
  });

  it.each<[string, (repository: Repository) => void, RegExp]>([
    [
      'the repository',
      (repository) => repository.secrets.push(secret('DEPLOY_KEY')),
      /^GitHub Actions secret DEPLOY_KEY, which this configuration does not write \(last written: 2025/,
    ],
    [
      'an environment, of a name that the repository declares',
      (repository) =>
        repository.environments.push({ ...plainEnvironment(901, 'production'), secrets: [secret('OTHER_TOKEN')] }),
      /OTHER_TOKEN of the environment production/,
    ],
    [
      'the organization',
      (repository) => (repository.elsewhere = { organization: [secret('SHARED')] }),
      /^GitHub organization secret SHARED/,
    ],
    ['Codespaces', (repository) => (repository.elsewhere = { codespaces: [secret('SHARED')] }), /^Codespaces secret/],
  ])('is asked for where nobody can read a secret of %s', async (_, change, line) => {
    world.repository(change);
    expect(await look()).toEqual({ held: [], hidden: [expect.stringMatching(line)] });
  });

  it('is no secret that was written before the old value was made, or since the rotation began', async () => {
    world.repository((repository) =>
      repository.secrets.push(secret('BEFORE'), secret('SINCE', '2026-02-01T00:00:00Z')),
    );
    expect(await look({ since: '2025-06-01T00:00:00Z', before: began })).toEqual({ held: [], hidden: [] });
    const back = await look({ since: began });
    expect(back.hidden).toEqual([expect.stringContaining('SINCE')]);
  });

  it('is asked for, not held, where a secret of its name may have got the new one already', async () => {
    const during = secret('OUR_TOKEN', '2026-02-01T00:00:00Z');
    world.repository(
      (repository) => (repository.elsewhere = { dependabot: [during], codespaces: [secret('OUR_TOKEN')] }),
    );
    expect(await look({ before: '2026-03-01T00:00:00Z', mayBeNew: began })).toEqual({
      held: [expect.stringMatching(/^Codespaces secret OUR_TOKEN/)],
      hidden: [expect.stringMatching(/^Dependabot secret OUR_TOKEN/)],
    });
  });

  it('is asked for where a secret of its name was written long after the vault had the new one', async () => {
    world.repository(
      (repository) => (repository.elsewhere = { dependabot: [secret('OUR_TOKEN', '2026-06-01T00:00:00Z')] }),
    );
    expect(await look({ before: '2026-03-01T00:00:00Z', mayBeNew: began })).toEqual({
      held: [],
      hidden: [expect.stringMatching(/^Dependabot secret OUR_TOKEN/)],
    });
  });

  it('is a variable that has it as a part of an address, or as Base64', async () => {
    const odd = `${old}+/=&`;
    onNetlify('ADDRESS', `https://x.example/?key=${encodeURIComponent(odd)}`);
    onNetlify('PACKED', Buffer.from(odd).toString('base64'));
    const { held } = await look({ before: began }, odd);
    expect(held).toEqual(['Netlify variable ADDRESS, production', 'Netlify variable PACKED, production']);
  });

  it('is asked for where the token may not list a kind of secret', async () => {
    mayNotList('dependabot_secrets', 'codespaces_secrets');
    const found = await look();
    mayNotList();
    expect(found).toEqual({
      held: [],
      hidden: [
        expect.stringMatching(/^Dependabot secrets: the token may not list them/),
        expect.stringMatching(/^Codespaces secrets: the token may not/),
      ],
    });
  });

  it('is asked for where GitHub hides the repository’s own lists from the token', async () => {
    const { held, hidden } = await look({ before: began }, old, 'hidden-from-the-token');
    expect(held).toEqual([]);
    expect(hidden.map((line) => line.replace(/: the token may not list them$/, '')).sort()).toEqual([
      'Codespaces secrets',
      'Dependabot secrets',
      'GitHub Actions secrets',
      'GitHub Actions variables',
      'GitHub’s environments',
    ]);
  });

  it('is an Edge Function secret of any name, also with the end of its line', async () => {
    const api = managementApi(world.environment);
    const value = randomBytes(12).toString('hex');
    await setFunctionSecret(api, supabase.projectRef, 'PIPED', `${value}\n`);
    await setFunctionSecret(api, supabase.projectRef, 'SOMETHING', 'else');
    expect(await look({ before: began }, value)).toEqual({ held: ['Edge Function secret PIPED'], hidden: [] });
  });

  it('is a variable on Netlify that shows it, whatever its name; a secret one is asked for', async () => {
    onNetlify('PLAIN', `{"token":"${old}"}`);
    onNetlify('SECRET', 'hidden', { isSecret: true });
    onNetlify('TEAMS', 'hidden', { isSecret: true, siteId: null });
    const found = await look({ before: new Date(Date.now() + 60_000).toISOString() });
    expect(found.held).toEqual(['Netlify variable PLAIN, production']);
    expect(found.hidden).toEqual([
      expect.stringMatching(/^Netlify variable SECRET, production: a secret which this/),
      expect.stringMatching(/^Netlify variable TEAMS, production \(of the team\)/),
    ]);
  });

  it('is asked for where a context of its own key on Netlify is nobody’s that this configuration writes', async () => {
    onNetlify('OUR_TOKEN', 'hidden', { isSecret: true });
    expect(await look()).toEqual({
      held: [],
      hidden: ['Netlify variable OUR_TOKEN, production: a secret that this configuration does not write'],
    });
  });
});

describe('a declared secret that no service shows', () => {
  const all = { before: new Date(Date.now() + 60_000).toISOString() };
  const staging = () => onNetlify('OTHER_TOKEN', 'hidden', { isSecret: true }, 'staging');
  const resource = () => {
    const [name = ''] = [...recorded.placed.keys()].filter((each) => each.includes('OTHER_TOKEN'));
    return name;
  };

  it('holds what the last update wrote', async () => {
    world.repository((repository) => repository.secrets.push(secret('OTHER_TOKEN')));
    staging();
    wrote('OTHER_TOKEN', 'another one');
    expect(await look(all)).toEqual({ held: [], hidden: [] });
    wrote('OTHER_TOKEN', `{"token":"${old}"}`);
    recorded.placed.set(resource(), { value: new Secret(old), updatedAt: long });
    expect(await look(all)).toEqual({
      held: [
        'Netlify variable OTHER_TOKEN, branch:staging: a secret which the last update wrote there',
        'GitHub Actions secret OTHER_TOKEN, which the last update wrote there',
      ],
      hidden: [],
    });
  });

  it.each<[string, () => void]>([
    ['one that was written since', () => wrote('OTHER_TOKEN', 'another one', long)],
    ['one that the stack has no time of', () => wrote('OTHER_TOKEN', 'another one', '')],
    ['one that the stack does not have', () => recorded.variables.clear()],
    ['one whose value the state does not tell', () => wrote('OTHER_TOKEN', undefined)],
  ])('is asked for on Netlify: %s', async (_, change) => {
    staging();
    change();
    expect(await look(all)).toEqual({
      held: [],
      hidden: [
        expect.stringMatching(
          /^Netlify variable OTHER_TOKEN, branch:staging: a secret which the last update did not write \(last written: 20/,
        ),
      ],
    });
  });

  it.each<[string, () => void]>([
    ['one that was written since', () => recorded.placed.set(resource(), { value: new Secret('x'), updatedAt: began })],
    [
      'the stack has no time of',
      () => recorded.placed.set(resource(), { value: new Secret('x'), updatedAt: undefined }),
    ],
    ['one that the stack does not have', () => recorded.placed.clear()],
    [
      'one whose value the state does not tell',
      () => recorded.placed.set(resource(), { value: undefined, updatedAt: long }),
    ],
  ])('is asked for on GitHub: %s', async (_, change) => {
    world.repository((repository) => repository.secrets.push(secret('OTHER_TOKEN')));
    change();
    expect(await look()).toEqual({
      held: [],
      hidden: [
        'GitHub Actions secret OTHER_TOKEN, which the last update did not write (last written: 2025-01-15T09:00:00Z)',
      ],
    });
  });

  it('counts as held where it has the value’s own name, and was written before the rotation', async () => {
    world.repository((repository) => repository.secrets.push(secret('OUR_TOKEN')));
    recorded.placed.clear();
    expect(await look()).toEqual({
      held: [expect.stringMatching(/^GitHub Actions secret OUR_TOKEN, which/)],
      hidden: [],
    });
  });
});

describe('when the value may have been written', () => {
  it('has some minutes for clocks at both ends, and does not begin before it was made', () => {
    const [since, before] = ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'];
    const [begins, ends] = ['2026-01-31T23:50:00.000Z', '2026-03-01T00:10:00.000Z'];
    expect(writtenBetween({ since }, undefined)).toEqual({ since: begins });
    expect(writtenBetween({ since }, '2026-01-01T00:00:00.000Z')).toEqual({ since: begins });
    expect(writtenBetween({ before, mayBeNew: since }, undefined)).toEqual({ before: ends, mayBeNew: since });
    expect(writtenBetween({ before }, begins)).toEqual({ since: begins, before: ends });
  });
});

describe('when the old values were made', () => {
  const at = Date.parse('2026-03-01T00:00:00Z');
  const { anonKey, serviceRoleKey } = createKeys('made up', supabase.projectRef, at);
  const key = (value: string, createdAt: string | undefined) => ({ value: new Secret(value), createdAt });

  it('is said by legacy keys themselves, and by Supabase of its others; some minutes are let for clocks', () => {
    const values = [new Secret(anonKey), new Secret(serviceRoleKey)];
    expect(firstMade(values, [])).toBe('2026-02-28T23:50:00.000Z');
    const made = 'sb_secret_made';
    expect(firstMade([new Secret(made)], [key(made, '2026-04-01T01:00:00Z')])).toBe('2026-04-01T00:50:00.000Z');
  });

  it('is not known where it is not known of one of them', () => {
    expect(firstMade([new Secret(anonKey), new Secret('sb_secret_made')], [key('sb_secret_made', undefined)])).toBe(
      undefined,
    );
    expect(firstMade([], [])).toBe(undefined);
  });
});
