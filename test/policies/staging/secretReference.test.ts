import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { secretReference as policy } from '../../../policies/staging/secretReference.ts';
import { pipelineSettings } from '../../support/pipelineSettings.ts';
import { made, random } from '../support/made.ts';
import { enterProgram } from '../support/program.ts';
import { resourceViolations, unknown } from '../support/run.ts';
import { both, configuration, keyed, secret, variable } from '../support/staging.ts';
import { fixtureFile } from '../../support/fixture.ts';

let leave: () => void = () => undefined;
afterEach(() => leave());

const field = (name: string) => `op://Platform/Supabase/${name}`;
const plain = 'but the variable is plain. Set secret: true, or correct the reference.';
const browser = (prefix: string) =>
  `and ${prefix}_ would send it to every browser. Drop the prefix and set secret: true, or correct the reference.`;

type Variable = ReturnType<typeof configuration>['netlify']['variables'][string];

/** The configuration of this repository with these variables and GitHub secrets added. */
function enter(variables: Record<string, Variable>, secrets: Record<string, string> = {}): void {
  const changed = configuration();
  Object.assign(changed.netlify.variables, variables);
  for (const [name, from] of Object.entries(secrets)) changed.github.secrets[name] = { from };
  ({ leave } = enterProgram(keyed(changed)));
}

/** What is said of a variable without the vault. */
const said = (name: string, isSecret = false, config = {}) =>
  resourceViolations(policy, { ...variable(name, both(unknown), isSecret), config });

describe('secret-reference-stays-secret', () => {
  it('accepts the committed settings, with those that docs/pipeline.md adds', async () => {
    const { config } = parse(readFileSync(fixtureFile, 'utf8')) as { config: Record<string, unknown> };
    const netlify = config['allincompassing:netlify'] as { variables: Record<string, { secret?: boolean }> };
    const github = config['allincompassing:github'] as { secrets: object };
    const added = pipelineSettings();
    Object.assign(github.secrets, added.secrets);
    ({ leave } = enterProgram({
      'app:netlify': netlify,
      'app:github': github,
      'app:organizationId': config['allincompassing:organizationId'],
    }));
    expect(Object.keys(netlify.variables).length).toBeGreaterThan(5);
    for (const [name, { secret: isSecret }] of Object.entries(netlify.variables)) {
      await expect(said(name, isSecret)).resolves.toEqual([]);
    }
  });

  it('accepts a secret variable, whatever its reference', async () => {
    enter({ CACHE_URL: { secret: true, from: field('openai_api_key') } });
    await expect(said('CACHE_URL', true)).resolves.toEqual([]);
  });

  it('accepts the anon key and the address for browsers, although secrets have them too', async () => {
    enter(
      {
        VITE_SUPABASE_ANON_KEY: { from: field('anon_key'), otherContexts: { production: field('production_anonKey') } },
        VITE_SUPABASE_URL: { from: field('url') },
        VITE_MAPS: { from: field('public_maps_token') },
        MAPS: { secret: true, from: field('public_maps_token') },
      },
      { SUPABASE_URL: field('url'), KEY: field('anon_key') },
    );
    await expect(said('VITE_SUPABASE_ANON_KEY')).resolves.toEqual([]);
    await expect(said('VITE_SUPABASE_URL')).resolves.toEqual([]);
    await expect(said('VITE_MAPS')).resolves.toEqual([]);
  });

  it.each([
    ['VITE_S3', 's3_secret_access_key'],
    ['VITE_MAPS', 'service_role_key'],
    ['NEXT_PUBLIC_MAPS', 'Keys/Service Role Key'],
  ])('finds a field that is sensitive by its name under the browser’s %s', async (name, sensitive) => {
    enter({ [name]: { from: field(sensitive) } });
    const reason = `netlify.variables.${name}.from is ${field(sensitive)}, which is sensitive by its name`;
    const expected = [`${reason}, ${browser(name.slice(0, name.lastIndexOf('_')))}`];
    await expect(said(name)).resolves.toEqual(expected);
    await expect(said(name, true)).resolves.toEqual(expected);
  });

  it('finds a sensitive field under a plain variable, in every context', async () => {
    enter({ CACHE_URL: { from: field('url2'), otherContexts: { production: field('openai_api_key') } } });
    await expect(said('CACHE_URL')).resolves.toEqual([
      `netlify.variables.CACHE_URL.otherContexts.production is ${field('openai_api_key')}, which is sensitive by its name, ${plain}`,
    ]);
    leave();
    enter({ SUPABASE_URL: { from: field('service_role_key') } });
    await expect(said('SUPABASE_URL')).resolves.toEqual([
      `netlify.variables.SUPABASE_URL.from is ${field('service_role_key')}, which is sensitive by its name, ${plain}`,
    ]);
  });

  it('takes the name of the item for a field that is only called value', async () => {
    enter({ CACHE_URL: { from: 'op://Platform/OpenAI API key/value' } });
    await expect(said('CACHE_URL')).resolves.toEqual([
      `netlify.variables.CACHE_URL.from is op://Platform/OpenAI API key/value, which is sensitive by its name, ${plain}`,
    ]);
  });

  it('finds a reference that a secret variable has, in any context and case', async () => {
    enter({
      STORE: { secret: true, from: field('store'), otherContexts: { production: field('production_store') } },
      VITE_STORE: { from: 'op://platform/supabase/Store' },
      CACHE: { from: field('production_store') },
    });
    await expect(said('VITE_STORE')).resolves.toEqual([
      `netlify.variables.VITE_STORE.from is op://platform/supabase/Store, which netlify.variables.STORE keeps secret, ${browser('VITE')}`,
    ]);
    await expect(said('CACHE')).resolves.toEqual([
      `netlify.variables.CACHE.from is ${field('production_store')}, which netlify.variables.STORE keeps secret, ${plain}`,
    ]);
  });

  it('finds a reference that a GitHub secret has, of the same name too', async () => {
    enter({ VITE_LOGIN: { from: field('login') }, LOGIN: { from: field('login') } }, { LOGIN: field('login') });
    await expect(said('VITE_LOGIN')).resolves.toEqual([
      `netlify.variables.VITE_LOGIN.from is ${field('login')}, which github.secrets.LOGIN keeps secret, ${browser('VITE')}`,
    ]);
    await expect(said('LOGIN')).resolves.toEqual([
      `netlify.variables.LOGIN.from is ${field('login')}, which github.secrets.LOGIN keeps secret, ${plain}`,
    ]);
  });

  it('finds a secret variable that its own prefix would publish', async () => {
    enter({ VITE_LOGIN: { secret: true, from: field('login') } });
    await expect(said('VITE_LOGIN', true)).resolves.toEqual([
      `netlify.variables.VITE_LOGIN.from is ${field('login')}, which netlify.variables.VITE_LOGIN keeps secret, ${browser('VITE')}`,
    ]);
  });

  it('finds a secret behind the organisation id', async () => {
    ({ leave } = enterProgram({ ...keyed(), 'app:organizationId': field('access_token') }));
    await expect(said('DEFAULT_ORGANIZATION_ID')).resolves.toEqual(
      ['from', 'otherContexts.production'].map(
        (key) =>
          `netlify.variables.DEFAULT_ORGANIZATION_ID.${key} is ${field('access_token')}, which is sensitive by its name, ${plain}`,
      ),
    );
  });

  it('takes other publishable ones by configuration', async () => {
    enter({ ORIGIN: { from: field('origin') } }, { APP_ORIGIN: field('origin') });
    await expect(said('ORIGIN', false, { publishable: ['APP_ORIGIN'] })).resolves.toEqual([]);
    await expect(said('ORIGIN')).resolves.toHaveLength(1);
  });

  it('accepts other resources, wrong types, literals and what the settings do not name', async () => {
    enter({
      LITERAL: {},
      BROKEN: { from: 5 as unknown as string, otherContexts: null as unknown as Record<string, string> },
    });
    await expect(said('LITERAL')).resolves.toEqual([]);
    await expect(said('BROKEN')).resolves.toEqual([]);
    await expect(said('VITE_OTHER')).resolves.toEqual([]);
    await expect(resourceViolations(policy, secret('SUPABASE_URL', unknown))).resolves.toEqual([]);
    await expect(
      resourceViolations(policy, { ...variable('SUPABASE_URL', {}), props: { key: unknown, values: 'x' } }),
    ).resolves.toEqual([]);
  });

  it('shows no value, in the reference’s place neither', async () => {
    const value = made('Supabase secret key');
    enter({ VITE_S3: { from: `op://Platform/${value}/api_key` } });
    await expect(resourceViolations(policy, variable('VITE_S3', both(random.base62(40))))).resolves.toEqual([
      `netlify.variables.VITE_S3.from is op://Platform/****/api_key, which is sensitive by its name, ${browser('VITE')}`,
    ]);
  });
});
