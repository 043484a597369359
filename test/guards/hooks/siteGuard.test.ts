import { beforeEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { Judged } from '../../../guards/judged.ts';
import { ProductionWrites } from '../../../guards/productionWrites.ts';
import { emergencyDeletionGuard, siteGuard } from '../../../guards/siteGuard.ts';
import { site } from '../../../sandbox/process/identity.ts';
import { contextFields, type Context } from '../../../settings/context.ts';
import { guardWorld, netlifyInputs, onNetlify, refusalOf, settingsWith, type GuardWorld } from './world.ts';

const given = guardWorld({ github: { branches: ['main', 'develop'] } });
let world: GuardWorld;
beforeEach(() => void (world = given()));

const staging = (value: string) => ({ 'branch:staging': value, 'branch:develop': value });
const plain = (key: string, values: Readonly<Record<string, string>>) => ({
  key,
  values: Object.entries(values).map(([each, value]) => {
    const { context, contextParameter } = contextFields(each as Context);
    return { context, value, ...(contextParameter !== undefined && { context_parameter: contextParameter }) };
  }),
});
const secret = (key: string, values: Readonly<Record<string, string>>) => ({ ...plain(key, values), isSecret: true });
const update = (key: string, before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) => ({
  oldInputs: netlifyInputs(key, before),
  oldOutputs: { lastUpdated: '2100-01-01T00:00:00Z' },
  newInputs: netlifyInputs(key, after),
});
const url = 'SUPABASE_URL';

/** A site that is staging's alone. */
function ownSite(more: Record<string, unknown> = {}) {
  const netlify = { mode: 'separate-site', productionSite: 'Other', contexts: ['production'], ...more };
  return settingsWith({ netlify }, { [url]: { from: 'op://Platform/Supabase/url', netlify: true } });
}

/** The guard of one run. */
function guard(settings = settingsWith(), vaultWasRead = true) {
  const { productionChanges } = settings.netlify;
  const writes = new ProductionWrites('netlify.productionChanges', productionChanges);
  return siteGuard(settings, vaultWasRead, writes, new Judged());
}

describe('the guard of the site', () => {
  it('runs in previews too: they must not promise what an update refuses', () => {
    expect(guard().opts).toEqual({ onDryRun: true });
    expect(emergencyDeletionGuard().opts).toEqual({ onDryRun: true });
  });

  it('lets staging’s values be written beside production’s, and says nothing', async () => {
    onNetlify(world, [plain(url, { production: 'p' })]);
    const write = update(url, { production: 'p' }, { ...staging('s'), production: 'p' });
    expect(await refusalOf(guard(), write)).toBeUndefined();
    expect(world.warned).toStrictEqual([]);
  });

  it('reads the site once a run, and only when there is a write to judge', async () => {
    const hook = guard();
    expect(world.asked).toEqual([]);
    const writes = [url, 'OPENAI_API_KEY', 'DEFAULT_ORGANIZATION_ID'].map((key) => netlifyInputs(key, staging('s')));
    await Promise.all(writes.map((newInputs) => refusalOf(hook, { newInputs })));
    const environment = `GET /api/v1/accounts/${site.accountId}/env`;
    expect([...world.asked].sort()).toEqual([environment, environment, `GET /api/v1/sites/${site.id}`]);
  });

  it('refuses with every reason in one line, and no value', async () => {
    onNetlify(world, [plain(url, { production: 'p', 'branch:hotfix': 'h' })]);
    const values = { ...staging('s'), production: 'hidden-value' };
    const write = update(url, { production: 'p' }, values);
    expect(await refusalOf(guard(), write)).toBe(
      'Refused, so this write was not made (others of this run may have been: without --skip-preview all are judged first): ' +
        `${url} has a value in branch:hotfix on Netlify that this write would remove. Declare it: ` +
        `allincompassing:values.${url}.netlify.otherContexts.branch:hotfix, by its own reference. ` +
        `${url} in production: the declared value is not the one on Netlify, so this write would change it. ` +
        'If that is meant: STAGING_PRODUCTION_CHANGES=allow pulumi up --stack staging.',
    );
  });

  it('refuses a key that is there already and not in the stack', async () => {
    onNetlify(world, [plain(url, { production: 'p' })]);
    expect(await refusalOf(guard(), { newInputs: netlifyInputs(url, { ...staging('s'), production: 'p' }) })).toContain(
      `${url} is on Netlify already, but not in this stack`,
    );
  });

  it('judges contexts alone without the vault: what the inputs hold may be another context’s', async () => {
    onNetlify(world, [plain(url, { production: 'p' })]);
    const write = update(url, { production: 'p' }, { ...staging('s'), production: 'other' });
    expect(await refusalOf(guard(settingsWith(), false), write)).toBeUndefined();
    const losing = update(url, { production: 'p' }, staging('s'));
    expect(await refusalOf(guard(settingsWith(), false), losing)).toContain(`${url} has a value in production`);
  });

  it('sees through the engine’s marks of secrets', async () => {
    onNetlify(world, [plain(url, { production: 'p' })]);
    const inputs = netlifyInputs(url, { ...staging('s'), production: pulumi.secret('other') });
    const write = { ...update(url, { production: 'p' }, {}), newInputs: pulumi.secret(inputs) as never };
    expect(await refusalOf(guard(), write)).toContain(`${url} in production: the declared value is not the one`);
  });

  it('judges a secret key by its secret values, and by when the stack saw it last', async () => {
    const key = 'OPENAI_API_KEY';
    onNetlify(world, [secret(key, { ...staging('s'), production: 'p' })]);
    const settings = settingsWith(
      {},
      { [key]: { from: 'op://a/b/c', production: 'op://a/b/d', netlify: { secret: true } } },
    );
    const secretOnes = (values: Readonly<Record<string, unknown>>) => {
      const { values: secretValues, ...rest } = netlifyInputs(key, values);
      return { ...rest, secretValues, scopes: ['builds', 'functions', 'runtime'] };
    };
    const values = { ...staging('s'), production: 'p' };
    const write = (production: string, lastUpdated: string) => ({
      oldInputs: secretOnes(values),
      oldOutputs: { lastUpdated },
      newInputs: secretOnes({ ...values, production }),
    });
    expect(await refusalOf(guard(settings), write('p', '2100-01-01T00:00:00Z'))).toBeUndefined();
    expect(await refusalOf(guard(settings), write('q', '2100-01-01T00:00:00Z'))).toContain(
      `${key} in production: the secret value differs from what the last update wrote`,
    );
    expect(await refusalOf(guard(settings), write('p', '2000-01-01T00:00:00Z'))).toContain(
      "by A Colleague, after this stack's last update",
    );
  });

  it('judges the scopes that the write would set', async () => {
    onNetlify(world, [{ ...plain(url, { production: 'p' }), scopes: ['functions'] }]);
    const write = update(url, { production: 'p' }, { ...staging('s'), production: 'p' });
    expect(await refusalOf(guard(), write)).toContain(`${url} has the scopes functions on Netlify`);
    const declared = { ...write, newInputs: { ...write.newInputs, scopes: ['functions'] } };
    expect(await refusalOf(guard(), declared)).toBeUndefined();
  });

  it.each([
    ['the environment of this run', {}, 'this run’s environment'],
    ['the stack’s file', { productionChanges: 'allow' }, 'netlify.productionChanges in the stack’s file'],
  ])('announces the write of production that %s allows', async (_, netlify, by) => {
    if (Object.keys(netlify).length === 0) process.env.STAGING_PRODUCTION_CHANGES = 'allow';
    onNetlify(world, [plain(url, { production: 'p' })]);
    const write = update(url, { production: 'p' }, { ...staging('s'), production: 'other' });
    expect(await refusalOf(guard(settingsWith({ netlify })), write)).toBeUndefined();
    expect(world.warned).toEqual([`THIS RUN WRITES PRODUCTION: ${url} (production). Allowed by ${by}.`]);
  });

  it('lets staging’s own context go where that is allowed', async () => {
    onNetlify(world, [plain(url, { ...staging('s'), production: 'p' })]);
    const write = update(url, { ...staging('s'), production: 'p' }, { 'branch:develop': 's', production: 'p' });
    const settings = settingsWith({ netlify: { contexts: ['branch:develop'] } });
    expect(await refusalOf(guard(settings), write)).toContain(
      `branch:staging is no longer declared for ${url}: this run would take the live value of ${url} in it away`,
    );
    process.env.STAGING_CONTEXT_REMOVALS = 'allow';
    expect(await refusalOf(guard(settings), write)).toBeUndefined();
  });

  it('takes each context of a site of staging’s own for staging’s', async () => {
    onNetlify(world, [plain(url, { production: 'p', dev: 'd' })]);
    const write = update(url, { production: 'p', dev: 'd' }, { production: 's' });
    expect(await refusalOf(guard(ownSite()), write)).toContain(`dev is no longer declared for ${url}`);
    process.env.STAGING_CONTEXT_REMOVALS = 'allow';
    expect(await refusalOf(guard(ownSite()), write)).toBeUndefined();
  });

  it('judges no value that this run does not know yet', async () => {
    onNetlify(world, [plain(url, { production: 'p' })]);
    const write = update(url, { production: 'p' }, { ...staging('s'), production: pulumi.unknown });
    expect(await refusalOf(guard(), write)).toBeUndefined();
  });

  it('refuses to make production’s plain key secret', async () => {
    onNetlify(world, [plain(url, { production: 'p' })]);
    const { values, ...rest } = netlifyInputs(url, { ...staging('s'), production: 'p' });
    const write = { ...update(url, { production: 'p' }, {}), newInputs: { ...rest, secretValues: values } };
    expect(await refusalOf(guard(), write)).toContain(
      `${url} is plain on Netlify, and this write would make it secret`,
    );
  });

  it('names the entry that declares the key, under whatever name it stands there; the key itself where none does', async () => {
    const settings = settingsWith({}, { LEVEL: { value: 'debug', netlify: { as: 'LOG_LEVEL' } } });
    for (const [key, entry] of [
      ['LOG_LEVEL', 'LEVEL'],
      ['UNDECLARED', 'UNDECLARED'],
    ] as const) {
      onNetlify(world, [plain(key, { 'branch:hotfix': 'h' })]);
      const write = update(key, { 'branch:staging': 's' }, { 'branch:staging': 's' });
      expect(await refusalOf(guard(settings), write)).toContain(
        `Declare it: allincompassing:values.${entry}.netlify.otherContexts.branch:hotfix, `,
      );
    }
  });

  it('says of a rotation who still holds the old key', async () => {
    const key = 'OPENAI_API_KEY';
    const [from, production] = ['op://a/b/c', 'op://a/b/d'];
    const settings = settingsWith({}, { [key]: { from, production, netlify: { secret: true } } });
    onNetlify(world, [plain(key, { ...staging('s'), production: 'p' })]);
    const write = update(key, { ...staging('s'), production: 's' }, { ...staging('t'), production: 's' });
    process.env.STAGING_PRODUCTION_CHANGES = 'allow';
    expect(await refusalOf(guard(settings), write)).toBeUndefined();
    expect(world.warned).toContainEqual(
      expect.stringContaining(
        `${key} is rotated for branch:staging and branch:develop alone. THE OLD ONE IS STILL HELD by production (${production})`,
      ),
    );
  });
});

describe('what the guard of the site sees before the first write', () => {
  const write = () => ({ newInputs: netlifyInputs('OPENAI_API_KEY', staging('s')) });

  it('refuses every write while another key would lose production’s value', async () => {
    onNetlify(world, [
      plain(url, { production: 'p', 'deploy-preview': 'd' }),
      plain('OPENAI_API_KEY', { production: 'p' }),
    ]);
    expect(await refusalOf(guard(), write())).toContain(
      `Netlify replaces all values of a key at once, and these live ones are not declared: OPENAI_API_KEY in production; ${url} in deploy-preview. `,
    );
  });

  it('leaves a branch that went out of the declaration to the key’s own check, and a site of staging’s own as well', async () => {
    onNetlify(world, [plain(url, { production: 'p', 'branch:old': 'o' })]);
    expect(await refusalOf(guard(), write())).toBeUndefined();
    onNetlify(world, [plain(url, { production: 'p', dev: 'd' })]);
    const own = ownSite();
    expect(
      await refusalOf(guard(own), { newInputs: netlifyInputs('OPENAI_API_KEY', { production: 's' }) }),
    ).toBeUndefined();
  });

  it('refuses where Netlify publishes another branch than the declared one: its values would be production’s', async () => {
    const settings = settingsWith({ netlify: { productionBranch: 'trunk' } });
    expect(await refusalOf(guard(settings), write())).toContain('Netlify deploys main to production, not trunk');
    const own = ownSite({ productionBranch: 'trunk' });
    expect(
      await refusalOf(guard(own), { newInputs: netlifyInputs('OPENAI_API_KEY', { production: 's' }) }),
    ).toBeUndefined();
  });

  it('does so only where Netlify builds from a repository', async () => {
    const settings = settingsWith({ netlify: { productionBranch: 'trunk' } });
    const build = world.netlify.store.state.sites[0]?.build_settings as { repo_branch?: string };
    const { repo_branch: before } = build;
    world.netlify.store.update((state) => delete (state.sites[0]?.build_settings as typeof build).repo_branch);
    expect(await refusalOf(guard(settings), write())).toBeUndefined();
    world.netlify.store.update((state) => Object.assign(state.sites[0]?.build_settings ?? {}, { repo_branch: before }));
  });

  it('warns of a variable of the whole team', async () => {
    onNetlify(world, [{ ...plain('OPENAI_API_KEY', { all: 't' }), siteId: null }]);
    expect(await refusalOf(guard(), write())).toBeUndefined();
    expect(world.warned).toEqual([
      expect.stringMatching(
        /^OPENAI_API_KEY is a variable of the whole team on Netlify too: .*which all of its sites read\.$/,
      ),
    ]);
  });

  it('warns of each context whose branch GitHub has not: but for the deploy job’s, which needs none', async () => {
    const contexts = ['branch:staging', 'branch:develop', 'branch:devlop', 'branch:qa'];
    const values = Object.fromEntries(contexts.map((context) => [context, 's']));
    const settings = settingsWith({ netlify: { contexts } });
    expect(await refusalOf(guard(settings), { newInputs: netlifyInputs('OPENAI_API_KEY', values) })).toBeUndefined();
    const asked = world.github.log.flatMap(({ path }) => /\/branches\/([^/?]+)/.exec(path)?.[1] ?? []);
    expect(asked.sort()).toEqual(['develop', 'devlop', 'qa']);
    expect(world.warned).toEqual(
      ['devlop', 'qa'].map((branch) =>
        expect.stringContaining(`GitHub has no branch ${branch} in allincompassing, so`),
      ),
    );
  });

  it('asks GitHub for no context that is no branch, and stops no write where GitHub cannot be asked', async () => {
    delete process.env.GITHUB_TOKEN;
    expect(await refusalOf(guard(), write())).toBeUndefined();
    expect(world.warned).toStrictEqual([]);
    process.env.GITHUB_TOKEN = 'of-nobody';
    expect(await refusalOf(guard(), write())).toBeUndefined();
    expect(world.warned).toStrictEqual([]);
  });
});

describe('the emergency of the agents', () => {
  const key = 'AGENT_ACTIONS_DISABLED';
  const settings = () => settingsWith({}, { [key]: { value: 'false', netlify: true } });
  const ends = async (pid: string | undefined) => {
    delete process.env.STAGING_ENDS_EMERGENCY;
    if (pid !== undefined) process.env.STAGING_ENDS_EMERGENCY = pid;
    onNetlify(world, [plain(key, staging('true'))]);
    const write = update(key, staging('true'), staging('false'));
    const deletion = { oldInputs: write.oldInputs };
    const refusals = [await refusalOf(guard(settings()), write), await refusalOf(emergencyDeletionGuard(), deletion)];
    delete process.env.STAGING_ENDS_EMERGENCY;
    return refusals.map((each) => each?.includes('agents') === true);
  };

  it('is ended by no update and no deletion but kill-switch’s own, whatever stays in a shell', async () => {
    expect(await ends(undefined)).toEqual([true, true]);
    for (const pid of ['', '0', '1', '-1', '1.5', 'true', String(process.pid)])
      expect(await ends(pid)).toEqual([true, true]);
    expect(await ends(String(process.ppid))).toEqual([false, false]);
  });

  it('is ended on a system that shows no other processes by any number that could be kill-switch’s', async () => {
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'win32' });
    try {
      for (const pid of ['0', '1', '1.5', 'true']) expect(await ends(pid)).toEqual([true, true]);
      expect(await ends('2')).toEqual([false, false]);
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
    }
  });

  it('is refused to be deleted in one printable line', async () => {
    onNetlify(world, [plain(key, { production: 'true' }), plain('OTHER', { production: 'true' })]);
    const oldInputs = pulumi.secret(netlifyInputs(key, {})) as never;
    expect(await refusalOf(emergencyDeletionGuard(), { oldInputs })).toMatch(
      /^Refused.*: AGENT_ACTIONS_DISABLED is true in production: without it agents could act again\. .*\.$/,
    );
  });

  it('lets the variable go that is off', async () => {
    onNetlify(world, [plain('A_FLAG', { production: 'true' }), plain(key, { production: 'false' })]);
    expect(await refusalOf(emergencyDeletionGuard(), { oldInputs: netlifyInputs(key, {}) })).toBeUndefined();
    expect(await refusalOf(emergencyDeletionGuard(), { oldInputs: netlifyInputs('OTHER', {}) })).toBeUndefined();
  });
});
