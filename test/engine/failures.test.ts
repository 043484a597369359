import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { valueSearch } from '../../detection/text/valueSearch.ts';
import type { Fault } from '../../sandbox/server/faults.ts';
import { expectFine, startProject, type Ended, type Project } from '../support/project.ts';
import { takeSnapshot } from '../support/state/snapshot.ts';
import { productionValues, writesSince } from '../support/writes.ts';

let project: Project;
let restore: () => void;
let production: string[];
let findValues: (text: string) => readonly { readonly name: string }[];

const up = (env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  project.pulumi(['up', '--yes', '--skip-preview', '--suppress-outputs'], { env });

beforeAll(async () => {
  project = await startProject({ stage: 'adopted', configuration: [[['github:writeDelayMs'], '1']] });
  production = productionValues(project);
  const { vault } = project.sandbox.standIns().onepassword;
  // Public by nature: the site's address and id, and the organisation's id, stand in outputs and URLs.
  const publicLabels = new Set(['url', 'production_url', 'netlify_site_id', 'default_organization_id']);
  findValues = valueSearch(
    vault
      .list()
      .filter(({ label }) => !publicLabels.has(label))
      .map(({ label }) => ({ name: label, reveal: () => vault.read(label) })),
  );
  restore = takeSnapshot(project);
}, 900_000);
afterAll(() => project.close());
beforeEach(() => {
  project.sandbox.faults.set([]);
  restore();
});

/** The update failed: it says what and where, and it shows no value. */
async function expectFailure(run: Promise<Ended>, words: RegExp): Promise<void> {
  const { code, output } = await run;
  expect(findValues(output)).toEqual([]);
  expect(output).toMatch(words);
  expect(code).not.toBe(0);
}

async function expectConverged(): Promise<void> {
  project.sandbox.faults.set([]);
  await expectFine(up());
  await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
  expect(productionValues(project)).toEqual(production);
}

describe('a write that a service refuses, or whose answer is lost', () => {
  // A plain key: its values can be compared when the answer to a write is lost.
  const plainKey = { service: 'netlify', method: 'PUT', path: 'env/SUPABASE_URL$' } as const;
  const cases: readonly [string, Fault, RegExp][] = [
    ['netlify 401', { ...plainKey, status: 401 }, /401|Unauthorized/],
    ['netlify 403', { ...plainKey, status: 403 }, /403|Forbidden/],
    ['netlify 429', { ...plainKey, status: 429 }, /429|Too Many/i],
    ['netlify 500', { ...plainKey, status: 500 }, /500/],
    ['netlify reset', { ...plainKey, connection: 'reset' }, /EOF|reset/],
    ['netlify half', { ...plainKey, connection: 'half' }, /EOF/],
    ['github 401', { service: 'github', method: 'PUT', status: 401 }, /401/],
    ['github 403', { service: 'github', method: 'PUT', status: 403 }, /403/],
    ['github 422', { service: 'github', method: 'PUT', status: 422 }, /422/],
    ['github 429', { service: 'github', method: 'PUT', status: 429, headers: { 'retry-after': '1' } }, /429/],
  ];

  it.each(cases)(
    '%s: says so, shows no value, and the next update converges',
    async (_name, fault, words) => {
      project.sandbox.faults.set([{ ...fault, times: 1 }]);
      await expectFailure(up(), words);
      expect(productionValues(project)).toEqual(production);
      await expectConverged();
    },
    180_000,
  );

  it.each([
    ['500', { status: 500 }],
    ['reset', { connection: 'reset' }],
    ['half', { connection: 'half' }],
  ] as const)(
    'github %s: the provider tries again',
    async (_name, fault) => {
      project.sandbox.faults.set([{ ...fault, service: 'github', method: 'PUT', times: 1 }]);
      expect(findValues(await expectFine(up()))).toEqual([]);
      await expectConverged();
    },
    180_000,
  );

  it('is not repeated by itself for a secret key of production’s, which somebody else may have written', async () => {
    project.sandbox.faults.set([
      { service: 'netlify', method: 'PUT', path: 'env/SUPABASE_SERVICE_ROLE_KEY$', connection: 'half', times: 1 },
    ]);
    await expectFailure(up(), /EOF/);
    project.sandbox.faults.set([]);
    await expectFailure(up(), /SUPABASE_SERVICE_ROLE_KEY was changed on Netlify at .* by Sandbox Owner/);
    const setting = ['allincompassing:netlify', 'productionChanges'];
    project.configure(setting, 'allow');
    await expectFine(up());
    project.configure(setting, undefined);
    await expectConverged();
  }, 180_000);

  it('takes over a key whose creation took effect before the connection broke', async () => {
    project.sandbox.faults.set([
      { service: 'netlify', method: 'POST', connection: 'reset', afterEffect: true, times: 1 },
    ]);
    await expectFailure(up(), /EOF|reset/);
    project.sandbox.faults.set([]);
    await expectFailure(
      up(),
      /is on Netlify already, but not in this stack. Take it over without a write: npm run adopt/,
    );
    await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
    await expectConverged();
  }, 180_000);
});

describe('a service that cannot be read', () => {
  it.each([
    ['netlify 401', { service: 'netlify', status: 401 }],
    ['netlify 500', { service: 'netlify', status: 500 }],
    ['netlify half', { service: 'netlify', connection: 'half' }],
    ['1Password 401', { service: 'onepassword', status: 401 }],
    ['1Password 403', { service: 'onepassword', status: 403 }],
    ['1Password 429', { service: 'onepassword', status: 429 }],
    ['1Password 500', { service: 'onepassword', status: 500 }],
    ['1Password reset', { service: 'onepassword', connection: 'reset' }],
    ['1Password hang', { service: 'onepassword', connection: 'hang' }],
  ] as const)(
    '%s: nothing is written to Netlify',
    async (name, fault) => {
      project.sandbox.faults.set([fault]);
      const start = project.sandbox.log().length;
      const words = name.startsWith('1Password') ? /1Password/ : /Netlify/;
      await expectFailure(up({ STAGING_VAULT_TIMEOUT: '3' }), words);
      const writes = writesSince(project, start);
      // Without the vault nobody sees a write; without Netlify, GitHub's part of the same update may go on.
      expect(name.startsWith('1Password') ? writes : writes.filter(({ service }) => service === 'netlify')).toEqual([]);
      expect(productionValues(project)).toEqual(production);
    },
    180_000,
  );
});

describe('a rule that cannot be read', () => {
  it('ends an update in its preview: nothing is written anywhere', async () => {
    project.sandbox.faults.set([{ service: 'github', method: 'GET', path: 'rulesets', status: 503 }]);
    const start = project.sandbox.log().length;
    await expectFailure(project.pulumi(['up', '--yes', '--suppress-outputs']), /GitHub GET .*rulesets: 503/);
    expect(writesSince(project, start)).toEqual([]);
    await expectConverged();
  }, 180_000);
});

describe('what is missing', () => {
  const slack = ['allincompassing:values', 'SLACK_WEBHOOK_URL', 'from'];
  const label = 'slack_webhook_url';
  const reference = `op://Platform/Supabase/${label}`;
  const setting = (from: string) => () => project.configure(slack, from);
  const value = (name: string, text: string) => () => project.sandbox.standIns().onepassword.vault.set(name, text);
  it.each<[string, () => void, RegExp]>([
    [
      'a field',
      () => project.sandbox.standIns().onepassword.vault.remove(label),
      /slack_webhook_url: no such field in the item, wanted by SLACK_WEBHOOK_URL/,
    ],
    ['an item', setting(`op://Platform/Nothing/${label}`), /no such item in the vault, wanted by SLACK_WEBHOOK_URL/],
    [
      'a vault',
      setting(`op://Nowhere/Supabase/${label}`),
      /no such vault, or no access to it, wanted by SLACK_WEBHOOK/,
    ],
    ['a value', value(label, ''), /slack_webhook_url: the value is empty, wanted by SLACK_WEBHOOK_URL/],
    [
      'a UUID as the organisation’s id',
      value('default_organization_id', 'organisation-42'),
      /allincompassing:organizationId is not a UUID; nothing was changed. Correct it in op:\/\/Platform/,
    ],
  ])(
    'is named when it is %s, and no service sees a write',
    async (_, breakIt, words) => {
      const { vault } = project.sandbox.standIns().onepassword;
      const kept = ([label, 'default_organization_id'] as const).map((name) => [name, vault.read(name)] as const);
      const start = project.sandbox.log().length;
      try {
        breakIt();
        await expectFailure(up(), words);
      } finally {
        project.configure(slack, reference);
        for (const [name, text] of kept) vault.set(name, text);
      }
      expect(writesSince(project, start)).toEqual([]);
    },
    120_000,
  );

  it.each([
    ['NETLIFY_API_TOKEN', /Netlify/],
    ['GITHUB_TOKEN', /GitHub|github/],
    ['OP_SERVICE_ACCOUNT_TOKEN', /1Password/],
  ])(
    'an expired %s: nothing is written with it, and the token is not shown',
    async (variable, words) => {
      const valid = project.environment[variable] ?? '';
      const expired = variable.startsWith('OP_') ? valid.slice(0, -8) : `${valid.slice(0, -4)}0000`;
      const start = project.sandbox.log().length;
      const { code, output } = await up({ [variable]: expired });
      expect(code).not.toBe(0);
      expect(output).toMatch(words);
      expect(output.includes(expired)).toBe(false);
      const service = { NETLIFY_API_TOKEN: 'netlify', GITHUB_TOKEN: 'github' }[variable];
      const written = writesSince(project, start).filter((entry) => entry.effects.length > 0);
      expect(written.filter((entry) => service === undefined || entry.service === service)).toEqual([]);
      await expectConverged();
    },
    180_000,
  );
});

describe('two updates at once', () => {
  it('lets one go on, the other refuses and says who holds the stack, and nothing is lost', async () => {
    const ended = await Promise.all([up(), up()]);
    expect(ended.some(({ code }) => code === 0)).toBe(true);
    for (const { code, output } of ended.filter((each) => each.code !== 0)) {
      expect(code).not.toBe(0);
      expect(output).toContain('the stack is currently locked by');
    }
    await expectConverged();
    const { vault } = project.sandbox.standIns().onepassword;
    const staging = project.netlify().filter(({ key, context }) => key === 'OPENAI_API_KEY' && context === 'branch');
    expect(staging.map(({ value }) => value === vault.read('openai_api_key'))).toEqual([true, true]);
  }, 180_000);
});
