import { describe, expect, it } from '@jest/globals';
import { declaredHolders } from '../../rotation/holders.ts';
import { planOf } from '../../rotation/plan.ts';
import { planJson, planText } from '../../rotation/planText.ts';
import { notLooked, readBy } from '../../rotation/readBy.ts';
import { scopeOf } from '../../rotation/scope.ts';
import { checkMove, subjectOf } from '../../rotation/subject.ts';
import { Secret } from '../../secrets/secret.ts';
import { parseSettings } from '../../settings/settings.ts';
import { valid } from '../settings/raw.ts';
import { createKeys } from '../../sandbox/standIns/supabase/keys.ts';

const op = (field: string) => `op://Platform/Supabase/${field}`;
const raw = valid();
Object.assign(raw.values, {
  SUPABASE_ANON_KEY: { from: op('anon'), production: op('p_anon'), netlify: true, localFile: true },
  SUPABASE_SERVICE_ROLE_KEY: {
    from: op('service'),
    production: op('p_service'),
    netlify: [{ secret: true }, { as: 'SERVICE_KEY', secret: true }],
    actionsSecret: { environments: ['staging', 'qa'] },
  },
  OPENAI_API_KEY: { from: op('openai'), netlify: { secret: true }, edgeFunction: true },
  SESSION_SECRET: { from: op('session'), edgeFunction: true },
  COPY_OF_KEY: { from: op('copy'), actionsSecret: true },
  CHANNEL: { value: '#deployments', actionsVariable: true },
});
const settings = parseSettings(raw);
const keys = createKeys('made up for this test', settings.supabase.project);
const others = createKeys('made up for another project', 'zyxwvutsrqponmlkjihg');
/** Every field's value; the production fields hold staging's keys, and one more field a copy. */
const vault = (more: Record<string, string> = {}) =>
  new Map(
    Object.entries({
      ...{ url: 'https://x.example', production_url: 'https://x.example', default_organization_id: 'an id' },
      ...{ anon: keys.anonKey, p_anon: keys.anonKey, service: keys.serviceRoleKey, p_service: keys.serviceRoleKey },
      ...{ openai: 'one', session: 'two', copy: keys.serviceRoleKey, ...more },
    }).map(([field, value]) => [op(field), new Secret(value)]),
  );
const plan = (name: string, values?: ReadonlyMap<string, Secret>, random = false) => {
  const subject = subjectOf(settings, name, random);
  return planOf(settings, subject, scopeOf(subject, declaredHolders(settings), values, settings.supabase.project), 60);
};
const fields = (name: string, values?: ReadonlyMap<string, Secret>) =>
  plan(name, values).scope.members.map(({ reference, key, isProductions }) =>
    [reference.replace(op(''), ''), key, ...(isProductions ? ['production'] : [])].join(' '),
  );

describe('what a rotation is about', () => {
  it('is found by the value’s name, and by a name that it has in a place', () => {
    expect(subjectOf(settings, 'SERVICE_KEY')).toEqual(subjectOf(settings, 'SUPABASE_SERVICE_ROLE_KEY'));
  });

  it.each([
    ['SUPABASE_SERVICE_ROL_KEY', /no value SUPABASE_SERVICE_ROL_KEY\. Did you mean SUPABASE_SERVICE_ROLE_KEY\?/],
    ['service_key', /Did you mean SERVICE_KEY/],
    ['openai', /Did you mean OPENAI_API_KEY\?/],
    ['ENTIRELY_DIFFERENT_THING', /no value ENTIRELY_DIFFERENT_THING\. npm run render lists them/],
    ['CHANNEL', /a literal of the stack’s file/],
    ['DEFAULT_ORGANIZATION_ID', /the id of the organisation/],
    ['NETLIFY_STAGING_SITE_ID', /Netlify’s id of the site/],
    ['SUPABASE_URL', /the address of the project/],
  ])('is not %s', (name, why) => {
    expect(() => subjectOf(settings, name)).toThrow(why);
  });

  it('is never a random value where a vendor makes it', () => {
    expect(() => subjectOf(settings, 'OPENAI_API_KEY', true)).toThrow(/made by OpenAI/);
    expect(subjectOf(settings, 'SESSION_SECRET', true).kind).toEqual({ how: 'random' });
    expect(subjectOf(settings, 'SESSION_SECRET').kind.how).toBe('person');
  });

  it('is every field that holds the same key, whatever value it is declared for; of a legacy key, the pair', () => {
    expect(fields('SUPABASE_SERVICE_ROLE_KEY')).toEqual(['service secret', 'p_service secret production']);
    expect(fields('SUPABASE_SERVICE_ROLE_KEY', vault()).sort()).toEqual([
      'anon publishable',
      'copy secret',
      'p_anon publishable production',
      'p_service secret production',
      'service secret',
    ]);
  });

  it('is no key of another project, production’s own for one', () => {
    const values = vault({ p_anon: others.anonKey, p_service: others.serviceRoleKey });
    expect(fields('SUPABASE_SERVICE_ROLE_KEY', values).sort()).toEqual([
      'anon publishable',
      'copy secret',
      'service secret',
    ]);
    expect(() => plan('SUPABASE_ANON_KEY', vault({ anon: others.anonKey }))).toThrow(
      `SUPABASE_ANON_KEY holds a key of the project zyxwvutsrqponmlkjihg, and this stack's is ${settings.supabase.project}`,
    );
  });

  it('is one key alone where it is a new one, and leaves production its own', () => {
    const values = vault({ service: 'sb_secret_one', p_service: 'sb_secret_two', copy: 'sb_secret_one' });
    expect(fields('SUPABASE_SERVICE_ROLE_KEY', values)).toEqual(['service secret', 'copy secret']);
    expect(plan('SUPABASE_SERVICE_ROLE_KEY', values).scope).toMatchObject({ apart: [op('p_service')], legacy: false });
  });
});

describe('the move to a new kind of key', () => {
  it.each([
    ['SUPABASE_ANON_KEY', 'publishable', true, undefined],
    ['SUPABASE_SERVICE_ROLE_KEY', 'secret', undefined, undefined],
    ['SUPABASE_ANON_KEY', 'secret', true, /--to is publishable for SUPABASE_ANON_KEY/],
    ['SUPABASE_SERVICE_ROLE_KEY', 'publishable', true, /--to is secret/],
    ['SUPABASE_ANON_KEY', 'publishable', false, /holds a publishable key already/],
    ['OPENAI_API_KEY', 'secret', undefined, /no key of Supabase/],
  ] as const)('of %s to %s (legacy: %s)', (name, to, legacy, why) => {
    const move = () => {
      checkMove(subjectOf(settings, name), to, legacy);
    };
    if (why === undefined) expect(move).not.toThrow();
    else expect(move).toThrow(why);
  });
});

describe('the plan', () => {
  it('names every place by its own name, production’s too', () => {
    const { holders } = plan('SUPABASE_SERVICE_ROLE_KEY');
    expect(holders.map(({ name, title, isProductions }) => `${name} ${title}${isProductions ? '!' : ''}`)).toEqual([
      'SERVICE_KEY Netlify variable, branch:staging',
      'SERVICE_KEY Netlify variable, branch:develop',
      'SUPABASE_SERVICE_ROLE_KEY Netlify variable, branch:staging',
      'SUPABASE_SERVICE_ROLE_KEY Netlify variable, branch:develop',
      'SUPABASE_SERVICE_ROLE_KEY GitHub Actions secret of the environment staging',
      'SUPABASE_SERVICE_ROLE_KEY GitHub Actions secret of the environment qa',
      'SERVICE_KEY Netlify variable, production!',
      'SUPABASE_SERVICE_ROLE_KEY Netlify variable, production!',
    ]);
  });

  it('proves staging before it writes what production reads, and revokes last', () => {
    const { steps, phases } = plan('SUPABASE_SERVICE_ROLE_KEY');
    expect(steps.map(({ id }) => id)).toEqual([
      'make',
      'staging-vault',
      'staging-places',
      'staging-deploy',
      'production-vault',
      'production-places',
      'production-deploy',
      'overlap',
      'revoke',
    ]);
    expect(steps.filter(({ isProductions }) => isProductions).map(({ id }) => id)).toEqual([
      'production-vault',
      'production-places',
      'production-deploy',
      'revoke',
    ]);
    expect(steps.filter(({ back }) => back === undefined).map(({ id }) => id)).toEqual(['revoke']);
    expect(phases.production).toEqual(['netlify-SERVICE_KEY', 'netlify-SUPABASE_SERVICE_ROLE_KEY']);
    expect(phases.staging).toContain('github-staging/SUPABASE_SERVICE_ROLE_KEY');
  });

  it('updates a place that production shares by one field with production’s, not with staging’s', () => {
    expect(plan('OPENAI_API_KEY').phases).toEqual({
      staging: ['netlify-OPENAI_API_KEY'],
      production: ['supabase-OPENAI_API_KEY'],
    });
    expect(plan('SESSION_SECRET').phases).toEqual({ staging: [], production: ['supabase-SESSION_SECRET'] });
  });

  it('says for people and for programs what cannot be undone, and never a value', () => {
    const legacy = plan('SUPABASE_SERVICE_ROLE_KEY', vault());
    const texts = [planText(legacy, notLooked), JSON.stringify(planJson(legacy, notLooked))];
    for (const text of texts) {
      for (const secret of vault().values())
        if (secret.reveal().length > 20) expect(text.includes(secret.reveal())).toBe(false);
      expect(text).toContain('disables both legacy keys');
      expect(text).toContain('npm run env:local');
    }
    expect(planJson(plan('OPENAI_API_KEY'), notLooked)).toMatchObject({
      kind: 'person',
      vaultWasRead: false,
      readers: null,
      cannotBeUndone: ['the revocation of the old one'],
    });
    expect(texts[0]).toMatch(/The|Rotation of SUPABASE_SERVICE_ROLE_KEY/);
  });
});

describe('who reads it', () => {
  it('says what each reader needs, and which place that reads it this configuration does not write', async () => {
    const found = await readBy(settings, ['SUPABASE_ANON_KEY', 'OPENAI_API_KEY'], 'sandbox/app', true);
    expect(found.lines?.join('\n')).toMatch(/^netlifyFunction \(.+\): needs a deploy$/m);
    expect(found.lines?.join('\n')).toMatch(/^edgeFunction \(.+\): needs nothing/m);
    expect(found.undeclared.every((each) => each.includes('does not write it'))).toBe(true);
    expect((await readBy(settings, ['SUPABASE_ANON_KEY'], 'sandbox/app', true)).readers.length).toBeGreaterThan(0);
  });
});
