import { describe, expect, it } from '@jest/globals';
import {
  droppedContexts,
  objections,
  productionChanges,
  type PlannedWrite,
  type SiteRules,
  type Values,
} from '../../guards/siteRules.ts';
import type { LiveVariable } from '../../services/netlify/netlify.ts';
import type { Context } from '../../settings/context.ts';

const rules: SiteRules = {
  stagingContexts: ['branch:staging', 'branch:develop'],
  productionBranch: 'main',
  isOwnSite: false,
  productionChanges: 'refuse',
  contextRemovals: 'refuse',
  losing: new Map(),
  commands: { productionChanges: 'ALLOW-PRODUCTION', contextRemovals: 'ALLOW-REMOVALS' },
  clockAhead: 0,
  endsEmergency: false,
};
const values = (entries: Partial<Record<Context, string | undefined>>): Values =>
  new Map(Object.entries(entries) as [Context, string][]);

function live(entries: Partial<Record<Context, string>>, more: Partial<LiveVariable> = {}): LiveVariable {
  return {
    key: 'KEY',
    secret: false,
    scopes: [],
    values: Object.entries(entries).map(([context, value]) => ({
      id: context,
      context: context as Context,
      value: more.secret ? undefined : value,
    })),
    updatedAt: '2026-01-01T00:00:00.000Z',
    updatedBy: undefined,
    ...more,
  };
}

/** A plain key that production has, whose staging values are about to be added: allowed. */
const harmless: PlannedWrite = {
  key: 'KEY',
  declared: { name: 'KEY', value: 'KEY', key: 'netlify', isShort: true },
  secret: false,
  scopes: ['builds', 'functions', 'post-processing', 'runtime'],
  planned: values({ 'branch:staging': 's', 'branch:develop': 's', production: 'p' }),
  previous: values({ production: 'p' }),
  recordedUpdate: '2026-01-01T00:00:00.000Z',
  live: live({ production: 'p' }),
};

const secretWrite: PlannedWrite = {
  ...harmless,
  secret: true,
  previous: harmless.planned,
  planned: values({ 'branch:staging': 'rotated', 'branch:develop': 'rotated', production: 'p' }),
  live: live({ 'branch:staging': '', 'branch:develop': '', production: '' }, { secret: true }),
};

const allow = 'If that is meant: ALLOW-PRODUCTION';

describe('a write to a site that production reads', () => {
  it.each<[string, PlannedWrite]>([
    ['adds staging values beside production’s', harmless],
    [
      'creates a key that nobody has yet, for staging alone',
      { ...harmless, planned: values({ 'branch:staging': 's' }), previous: undefined, live: undefined },
    ],
    ['rotates staging’s value of a secret key', secretWrite],
    [
      'has unknown values (no vault)',
      { ...harmless, planned: values({ 'branch:staging': undefined, production: undefined }) },
    ],
    [
      'writes an adopted secret key for the first time, whose value in production a person has confirmed',
      { ...secretWrite, previous: values({ production: 'p' }) },
    ],
    [
      'splits a value for all contexts into the contexts that it stands for',
      {
        ...harmless,
        planned: values({
          'branch:staging': 's',
          production: 'p',
          'deploy-preview': 'p',
          'branch-deploy': 'p',
          dev: 'p',
          'dev-server': 'p',
        }),
        live: live({ all: 'p' }),
      },
    ],
    [
      'keeps the scopes, however spelled',
      {
        ...harmless,
        live: live({ production: 'p' }, { scopes: ['runtime', 'post_processing', 'functions', 'builds'] }),
      },
    ],
    [
      'keeps the scopes of a key that becomes secret: Netlify has none for post-processing then, in any order',
      {
        ...secretWrite,
        scopes: ['runtime', 'functions', 'builds'],
        live: live(
          { 'branch:staging': '', 'branch:develop': '', production: '' },
          { secret: true, scopes: ['builds', 'functions', 'post_processing', 'runtime'] },
        ),
      },
    ],
    [
      'knows staging’s value of a secret key alone',
      { ...secretWrite, planned: values({ 'branch:staging': 'rotated', production: undefined }), live: undefined },
    ],
    [
      'is to make a key plain that is secret: what Netlify does not show is no change',
      { ...secretWrite, secret: false },
    ],
    [
      'makes a plain key of staging alone secret',
      {
        ...harmless,
        secret: true,
        planned: values({ 'branch:staging': 's' }),
        live: live({ 'branch:staging': 's' }),
      },
    ],
  ])('goes on when it %s', (_, write) => {
    expect(objections(write, rules)).toEqual([]);
  });

  it.each<[string, PlannedWrite, string[]]>([
    [
      'the key exists but is not in the stack',
      { ...harmless, previous: undefined },
      [
        'KEY is on Netlify already, but not in this stack. Take it over without a write: npm run adopt (--dry-run lists every such key); after an update that was killed: npm run recover',
      ],
    ],
    [
      'scopes change for production',
      { ...harmless, live: live({ production: 'p' }, { scopes: ['functions'] }) },
      [
        'KEY has the scopes functions on Netlify, and this write would change them for production too. Declare them: allincompassing:values.KEY.netlify.scopes',
      ],
    ],
    [
      'a live context is not declared',
      { ...harmless, live: live({ production: 'p', 'deploy-preview': 'd' }) },
      [
        'KEY has a value in deploy-preview on Netlify that this write would remove. Declare it: allincompassing:values.KEY.netlify.otherContexts.deploy-preview, by its own reference',
      ],
    ],
    [
      'somebody else’s branch value would go',
      { ...harmless, live: live({ production: 'p', 'branch:hotfix': 'h' }) },
      [
        'KEY has a value in branch:hotfix on Netlify that this write would remove. Declare it: allincompassing:values.KEY.netlify.otherContexts.branch:hotfix, by its own reference',
      ],
    ],
    [
      'the branch that is production is taken out of the declaration',
      {
        ...harmless,
        planned: values({ 'branch:staging': 's' }),
        previous: values({ 'branch:staging': 's', 'branch:main': 'm' }),
        live: live({ 'branch:staging': 's', 'branch:main': 'm' }),
      },
      [
        'KEY has a value in branch:main on Netlify that this write would remove. Declare it: allincompassing:values.KEY.netlify.otherContexts.branch:main, by its own reference',
      ],
    ],
    [
      'an adopted secret key’s value in production was confirmed by nobody',
      { ...secretWrite, previous: values({}) },
      [
        `KEY in production: Netlify does not show the value that is there, and nobody has confirmed that the vault's is the same. ${allow}`,
      ],
    ],
    [
      'production is taken out of the declaration',
      { ...harmless, planned: values({ 'branch:staging': 's' }), previous: harmless.planned },
      [
        'KEY has a value in production on Netlify that this write would remove. Declare it: allincompassing:values.KEY.production, by its own reference',
      ],
    ],
    [
      'production’s plain value would change',
      { ...harmless, planned: values({ production: 'other' }) },
      [`KEY in production: the declared value is not the one on Netlify, so this write would change it. ${allow}`],
    ],
    [
      'production would get a value it does not have',
      { ...harmless, live: undefined, previous: undefined },
      [`KEY in production: the declared value is not the one on Netlify, so this write would change it. ${allow}`],
    ],
    [
      'production would get the value of another context',
      {
        ...harmless,
        live: live({ 'branch:staging': 'p' }),
        planned: values({ 'branch:staging': 's', production: 'p' }),
      },
      [`KEY in production: the declared value is not the one on Netlify, so this write would change it. ${allow}`],
    ],
    [
      'a secret key that is gone would give production a value that the stack never wrote',
      { ...secretWrite, previous: values({}), live: undefined },
      [`KEY in production: the secret value differs from what the last update wrote. ${allow}`],
    ],
    [
      'a plain key would become secret, with the value that Netlify shows',
      { ...harmless, secret: true, previous: values({ production: 'an older one' }) },
      [
        expect.stringContaining(
          'KEY is plain on Netlify, and this write would make it secret in production too',
        ) as never,
      ],
    ],
    [
      'production’s secret value would change',
      { ...secretWrite, planned: values({ 'branch:staging': 's', 'branch:develop': 's', production: 'other' }) },
      [`KEY in production: the secret value differs from what the last update wrote. ${allow}`],
    ],
    [
      'a new secret key would give production a value',
      { ...secretWrite, previous: undefined, live: undefined },
      [`KEY in production: the secret value differs from what the last update wrote. ${allow}`],
    ],
    [
      'a plain key would become secret for production too, whatever its value',
      { ...harmless, secret: true },
      [
        `KEY is plain on Netlify, and this write would make it secret in production too. Nobody can undo that, and Netlify fails a build whose bundle holds a secret value. ${allow}`,
      ],
    ],
    [
      'nobody recorded when a secret key was changed last',
      { ...secretWrite, recordedUpdate: undefined },
      [
        `KEY was changed on Netlify at 2026-01-01T00:00:00.000Z, and this stack has no record of an earlier change. It is secret there, so nobody can see whether production changed. Bring the vault up to date first. ${allow}`,
      ],
    ],
    [
      'a secret key was changed by hand since',
      {
        ...secretWrite,
        live: live(
          { 'branch:staging': '', 'branch:develop': '', production: '' },
          { secret: true, updatedAt: '2026-02-02T00:00:00.000Z', updatedBy: 'someone' },
        ),
      },
      [
        `KEY was changed on Netlify at 2026-02-02T00:00:00.000Z by someone, after this stack's last update. It is secret there, so nobody can see whether production changed. Bring the vault up to date first. ${allow}`,
      ],
    ],
    [
      'Netlify does not say when a secret key was changed',
      {
        ...secretWrite,
        live: live(
          { 'branch:staging': '', 'branch:develop': '', production: '' },
          { secret: true, updatedAt: undefined },
        ),
      },
      [
        `KEY is secret on Netlify, and Netlify gives no time of its last change: nobody can see whether production changed. Bring the vault up to date first. ${allow}`,
      ],
    ],
    [
      'Netlify’s time of a secret key is none',
      {
        ...secretWrite,
        live: live(
          { 'branch:staging': '', 'branch:develop': '', production: '' },
          { secret: true, updatedAt: 'yesterday' },
        ),
      },
      [
        `KEY was changed on Netlify at yesterday, after this stack's last update. It is secret there, so nobody can see whether production changed. Bring the vault up to date first. ${allow}`,
      ],
    ],
  ])('is refused when %s', (_, write, expected) => {
    expect(objections(write, rules)).toEqual(expected);
  });

  describe('would take staging’s own live values away', () => {
    const write: PlannedWrite = {
      ...harmless,
      planned: values({ 'branch:stagging': 's', production: 'p' }),
      previous: values({ 'branch:staging': 's', production: 'p' }),
      live: live({ 'branch:staging': 's', production: 'p' }),
    };

    const misspelt: SiteRules = { ...rules, stagingContexts: ['branch:stagging', 'branch:develop'] };

    it('is refused with the context, the count and the keys, and the whole command', () => {
      const losing = new Map<Context, string[]>([['branch:staging', ['KEY', 'OTHER']]]);
      expect(objections(write, { ...misspelt, losing })).toEqual([
        'branch:staging is no longer declared: this run would take the live values of 2 keys in it away from Netlify (KEY, OTHER). ' +
          'Check the spelling in allincompassing:netlify.contexts. If that is meant: ALLOW-REMOVALS',
      ]);
      expect(objections(write, { ...misspelt, losing: new Map() })).toEqual([
        'branch:staging is no longer declared for KEY: this run would take the live value of KEY in it away from Netlify. ' +
          'Check the spelling in allincompassing:netlify.contexts. If that is meant: ALLOW-REMOVALS',
      ]);
    });

    it('goes on when a setting allows it: not for production, nor for what the stack never wrote', () => {
      const allowed: SiteRules = { ...misspelt, contextRemovals: 'allow' };
      expect(objections(write, allowed)).toEqual([]);
      expect(objections({ ...write, previous: values({ production: 'p' }) }, allowed)).toEqual([
        expect.stringContaining('KEY has a value in branch:staging on Netlify that this write would remove'),
      ]);
      const production = { ...write, planned: values({ 'branch:staging': 's' }), previous: harmless.planned };
      expect(objections(production, allowed)).toEqual([
        expect.stringContaining('KEY has a value in production on Netlify that this write would remove'),
      ]);
    });

    it('is the same for every context of a site of staging’s own', () => {
      const own: SiteRules = { ...rules, isOwnSite: true, stagingContexts: ['branch:x'] };
      const moved: PlannedWrite = {
        ...harmless,
        planned: values({ 'branch:x': 's' }),
        previous: values({ production: 's' }),
        live: live({ production: 's' }),
      };
      expect(objections(moved, own).join()).toContain('production is no longer declared for KEY');
      expect(objections(moved, { ...own, contextRemovals: 'allow' })).toEqual([]);
    });
  });

  it('is refused when a value that it would write is empty: nobody has read it', () => {
    const empty = { ...harmless, planned: values({ 'branch:staging': '', production: 'p' }) };
    expect(objections(empty, rules)).toEqual(['KEY would be empty in branch:staging: nobody has read its value']);
  });

  it('says of an allowed write what it changes of production', () => {
    const changes = (write: PlannedWrite) => productionChanges(write, { ...rules, productionChanges: 'allow' });
    expect(changes(harmless)).toEqual([]);
    expect(changes({ ...harmless, planned: values({ production: 'other' }) })).toMatchObject([
      { contexts: ['production'] },
    ]);
    expect(changes({ ...secretWrite, recordedUpdate: undefined })).toMatchObject([{ contexts: ['production'] }]);
    const secretOther = values({ 'branch:staging': 's', production: 'other' });
    expect(changes({ ...secretWrite, planned: secretOther })).toMatchObject([{ contexts: ['production'] }]);
    // The stack has nothing of the key yet: whether production's value is another one, it cannot know.
    expect(changes({ ...secretWrite, previous: undefined })).toMatchObject([{ contexts: ['production'] }]);
  });

  it('may change production when a setting allows it, yet never removes a context', () => {
    const allowed: SiteRules = { ...rules, productionChanges: 'allow' };
    expect(objections({ ...harmless, planned: values({ production: 'other' }) }, allowed)).toEqual([]);
    expect(objections({ ...harmless, planned: values({ 'branch:staging': 's' }) }, allowed)).toEqual([
      expect.stringContaining('KEY has a value in production on Netlify that this write would remove'),
    ]);
  });

  describe('judges a secret key by the times of two clocks', () => {
    const changedAt = (seconds: number): PlannedWrite => ({
      ...secretWrite,
      live: live(
        { 'branch:staging': '', production: '' },
        { secret: true, updatedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString() },
      ),
    });
    const from = (clockAhead: number) => (seconds: number) =>
      objections(changedAt(seconds), { ...rules, clockAhead }).length;

    it('by whole seconds where they agree', () => {
      expect([0, 0.9, 1, 60].map(from(0))).toEqual([0, 0, 1, 1]);
    });

    it('by as much as Netlify’s is ahead: the stack’s own write bears its time', () => {
      expect([2.3, 3.9, 4, 60].map(from(2))).toEqual([0, 0, 1, 1]);
    });

    it('as always where Netlify’s is a little behind', () => {
      expect([0, 0.9, 1].map(from(-3))).toEqual([0, 0, 1]);
    });

    it('up to five seconds apart, either way', () => {
      expect([from(5)(0), from(-5)(0)]).toEqual([0, 0]);
    });

    it.each([
      [6, '6 s behind'],
      [-3600, '3600 s ahead of'],
    ])('not at all where they are %s s apart: it says so instead', (clockAhead, words) => {
      expect(objections(secretWrite, { ...rules, clockAhead })).toEqual([
        expect.stringContaining(`this machine's clock is ${words} Netlify's. Set the clock`),
      ]);
      expect(objections(harmless, { ...rules, clockAhead })).toEqual([]);
    });
  });

  it('keeps a live `all` when every context that it stands for is declared', () => {
    expect(
      droppedContexts(live({ all: 'x' }), ['production', 'deploy-preview', 'branch-deploy', 'dev', 'dev-server']),
    ).toEqual([]);
    expect(droppedContexts(live({ all: 'x' }), ['production', 'branch:staging'])).toEqual(['all']);
    const named = ['production', 'deploy-preview', 'branch-deploy', 'dev', 'dev-server'] as const;
    expect(droppedContexts(live({ 'branch:hotfix': 'x' }), named)).toEqual(['branch:hotfix']);
  });

  it('never names a value', () => {
    const reasons = objections({ ...harmless, planned: values({ production: 'hidden-value' }) }, rules);
    expect(reasons.join()).not.toContain('hidden-value');
  });
});
