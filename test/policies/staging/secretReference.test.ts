import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { secretReference as policy } from '../../../policies/staging/secretReference.ts';
import { pipelineSettings } from '../../support/pipelineSettings.ts';
import { made, random } from '../support/made.ts';
import { enterProgram } from '../support/program.ts';
import { resourceViolations, unknown } from '../support/run.ts';
import {
  actionsVariable,
  both,
  configuration,
  edgeFunction,
  keyed,
  secret,
  variable,
  type ConfiguredValue,
} from '../support/staging.ts';
import { fixtureFile } from '../../support/fixture.ts';

let leave: () => void = () => undefined;
afterEach(() => leave());

const field = (name: string) => `op://Platform/Supabase/${name}`;
const plain = 'but the variable is plain. Set secret: true, or correct the reference.';
const browser = (prefix: string) =>
  `and ${prefix}_ would send it to every browser. Drop the prefix and set secret: true, or correct the reference.`;

/** The configuration of this repository with these values added. */
function enter(values: Record<string, ConfiguredValue>): void {
  const changed = configuration();
  Object.assign(changed.values, values);
  ({ leave } = enterProgram(keyed(changed)));
}

/** What is said of a variable without the vault. */
const said = (name: string, isSecret = false, config = {}) =>
  resourceViolations(policy, { ...variable(name, both(unknown), isSecret), config });

describe('secret-reference-stays-secret', () => {
  it('accepts the committed settings, with those that docs/pipeline.md adds', async () => {
    const { config } = parse(readFileSync(fixtureFile, 'utf8')) as { config: Record<string, unknown> };
    const values = config['allincompassing:values'] as Record<string, ConfiguredValue>;
    for (const [name, more] of Object.entries(pipelineSettings())) values[name] = { ...values[name], ...more };
    ({ leave } = enterProgram({
      'app:values': values,
      'app:netlify': config['allincompassing:netlify'],
      'app:github': config['allincompassing:github'],
      'app:organizationId': config['allincompassing:organizationId'],
      'app:supabase': config['allincompassing:supabase'],
    }));
    const onNetlify = Object.entries(values).filter(([, { netlify }]) => netlify !== undefined);
    expect(onNetlify.length).toBeGreaterThan(5);
    for (const [name, { netlify }] of onNetlify) {
      await expect(said(name, netlify !== true)).resolves.toEqual([]);
    }
  });

  it('accepts a secret variable, whatever its reference', async () => {
    enter({ CACHE_URL: { from: field('openai_api_key'), netlify: { secret: true } } });
    await expect(said('CACHE_URL', true)).resolves.toEqual([]);
  });

  it('accepts the anon key and the address for browsers, although secrets have them too', async () => {
    enter({
      VITE_SUPABASE_ANON_KEY: { from: field('anon_key'), production: field('production_anonKey'), netlify: true },
      VITE_SUPABASE_URL: { from: field('url'), netlify: true },
      VITE_MAPS: { from: field('public_maps_token'), netlify: true },
      MAPS: { from: field('public_maps_token'), netlify: { secret: true } },
      SUPABASE_URL: { from: field('url'), netlify: true, actionsSecret: true },
      KEY: { from: field('anon_key'), actionsSecret: true },
    });
    await expect(said('VITE_SUPABASE_ANON_KEY')).resolves.toEqual([]);
    await expect(said('VITE_SUPABASE_URL')).resolves.toEqual([]);
    await expect(said('VITE_MAPS')).resolves.toEqual([]);
  });

  it.each([
    ['VITE_S3', 's3_secret_access_key'],
    ['VITE_MAPS', 'service_role_key'],
    ['NEXT_PUBLIC_MAPS', 'Keys/Service Role Key'],
  ])('finds a field that is sensitive by its name under the browser’s %s', async (name, sensitive) => {
    enter({ [name]: { from: field(sensitive), netlify: true } });
    const reason = `values.${name}.from is ${field(sensitive)}, which is sensitive by its name`;
    const expected = [`${reason}, ${browser(name.slice(0, name.lastIndexOf('_')))}`];
    await expect(said(name)).resolves.toEqual(expected);
    await expect(said(name, true)).resolves.toEqual(expected);
  });

  it('finds a sensitive field under a plain variable, in every context', async () => {
    enter({ CACHE_URL: { from: field('url2'), production: field('openai_api_key'), netlify: true } });
    await expect(said('CACHE_URL')).resolves.toEqual([
      `values.CACHE_URL.production is ${field('openai_api_key')}, which is sensitive by its name, ${plain}`,
    ]);
    leave();
    enter({
      SUPABASE_URL: { from: field('service_role_key'), netlify: { otherContexts: { dev: field('access_token') } } },
    });
    await expect(said('SUPABASE_URL')).resolves.toEqual([
      `values.SUPABASE_URL.from is ${field('service_role_key')}, which is sensitive by its name, ${plain}`,
      `values.SUPABASE_URL.netlify.otherContexts.dev is ${field('access_token')}, which is sensitive by its name, ${plain}`,
    ]);
  });

  it('takes the name of the item for a field that is only called value', async () => {
    enter({ CACHE_URL: { from: 'op://Platform/OpenAI API key/value', netlify: true } });
    await expect(said('CACHE_URL')).resolves.toEqual([
      `values.CACHE_URL.from is op://Platform/OpenAI API key/value, which is sensitive by its name, ${plain}`,
    ]);
  });

  it('finds a reference that a secret variable has, in any context and case', async () => {
    enter({
      STORE: { from: field('store'), production: field('production_store'), netlify: { secret: true } },
      VITE_STORE: { from: 'op://platform/supabase/Store', netlify: true },
      CACHE: { from: field('production_store'), netlify: true },
    });
    await expect(said('VITE_STORE')).resolves.toEqual([
      `values.VITE_STORE.from is op://platform/supabase/Store, which values.STORE.netlify keeps secret, ${browser('VITE')}`,
    ]);
    await expect(said('CACHE')).resolves.toEqual([
      `values.CACHE.from is ${field('production_store')}, which values.STORE.netlify keeps secret, ${plain}`,
    ]);
  });

  it('finds a reference that a GitHub secret has, of the same name too', async () => {
    enter({
      VITE_LOGIN: { from: field('login'), netlify: true },
      LOGIN: { from: field('login'), netlify: true, actionsSecret: true },
    });
    await expect(said('VITE_LOGIN')).resolves.toEqual([
      `values.VITE_LOGIN.from is ${field('login')}, which values.LOGIN.actionsSecret keeps secret, ${browser('VITE')}`,
    ]);
    await expect(said('LOGIN')).resolves.toEqual([
      `values.LOGIN.from is ${field('login')}, which values.LOGIN.actionsSecret keeps secret, ${plain}`,
    ]);
  });

  it('finds a secret variable that its own prefix would publish', async () => {
    enter({ VITE_LOGIN: { from: field('login'), netlify: { secret: true } } });
    await expect(said('VITE_LOGIN', true)).resolves.toEqual([
      `values.VITE_LOGIN.from is ${field('login')}, which values.VITE_LOGIN.netlify keeps secret, ${browser('VITE')}`,
    ]);
  });

  it('judges a variable of GitHub Actions, which everybody may read there, at each level', async () => {
    enter({
      REGION: { from: field('region'), actionsVariable: true },
      STORE: { from: field('store'), production: field('store_p'), netlify: { secret: true }, edgeFunction: true },
      SHOWN: { from: field('store'), actionsVariable: { as: 'STORE_NAME', environments: ['qa'] } },
      TOKEN: { from: field('access_token'), actionsVariable: ['A', 'VITE_TOKEN'] },
      LITERAL: { value: 'x', actionsVariable: true },
    });
    const saidOf = (name: string, environment?: string) =>
      resourceViolations(policy, actionsVariable(name, unknown, environment));
    const advice = 'but the variable is plain. Make it an actionsSecret, or correct the reference.';
    await expect(saidOf('REGION')).resolves.toEqual([]);
    await expect(saidOf('LITERAL')).resolves.toEqual([]);
    await expect(saidOf('STORE_NAME', 'qa')).resolves.toEqual([
      `values.SHOWN.from is ${field('store')}, which values.STORE.netlify keeps secret, ${advice}`,
    ]);
    for (const name of ['A', 'VITE_TOKEN']) {
      await expect(saidOf(name)).resolves.toEqual([
        `values.TOKEN.from is ${field('access_token')}, which is sensitive by its name, ${advice}`,
      ]);
    }
    // Under the value's own name there is none.
    await expect(saidOf('TOKEN')).resolves.toEqual([]);
  });

  it('takes no Edge Function for a keeper of secrets: those get every setting so', async () => {
    enter({ LOGIN: { from: field('login'), netlify: true, edgeFunction: true, localFile: true } });
    await expect(said('LOGIN')).resolves.toEqual([]);
  });

  it('finds a secret behind the organisation id', async () => {
    ({ leave } = enterProgram({ ...keyed(), 'app:organizationId': field('access_token') }));
    await expect(said('DEFAULT_ORGANIZATION_ID')).resolves.toEqual(
      ['from', 'production'].map(
        (key) =>
          `values.DEFAULT_ORGANIZATION_ID.${key} is ${field('access_token')}, which is sensitive by its name, ${plain}`,
      ),
    );
  });

  it('takes other publishable ones by configuration', async () => {
    enter({
      ORIGIN: { from: field('origin'), netlify: true },
      APP_ORIGIN: { from: field('origin'), actionsSecret: true },
    });
    await expect(said('ORIGIN', false, { publishable: ['APP_ORIGIN'] })).resolves.toEqual([]);
    await expect(said('ORIGIN')).resolves.toEqual([expect.stringContaining('APP_ORIGIN')]);
  });

  it('judges nothing by settings that the program refuses', async () => {
    enter({
      BROKEN: { from: 5, production: [], netlify: { as: 7, secret: {}, otherContexts: null } },
      WRONG: { from: field('api_key'), netlify: 5, actionsVariable: null },
    });
    await expect(said('SUPABASE_URL')).rejects.toThrow(/7 problems[^]*values\.BROKEN\.from[^]*values\.WRONG\.netlify/);
  });

  it('accepts other resources, wrong types, literals and what the settings do not name', async () => {
    enter({ LITERAL: { value: 'x', netlify: true } });
    await expect(said('LITERAL')).resolves.toEqual([]);
    await expect(resourceViolations(policy, edgeFunction('SUPABASE_URL', unknown))).resolves.toEqual([]);
    await expect(said('VITE_OTHER')).resolves.toEqual([]);
    await expect(resourceViolations(policy, secret('SUPABASE_URL', unknown))).resolves.toEqual([]);
    await expect(
      resourceViolations(policy, { ...variable('SUPABASE_URL', {}), props: { key: unknown, values: 'x' } }),
    ).resolves.toEqual([]);
  });

  it('shows no value, in the reference’s place neither', async () => {
    const value = made('Supabase secret key');
    enter({ VITE_S3: { from: `op://Platform/${value}/api_key`, netlify: true } });
    await expect(resourceViolations(policy, variable('VITE_S3', both(random.base62(40))))).resolves.toEqual([
      `values.VITE_S3.from is op://Platform/****/api_key, which is sensitive by its name, ${browser('VITE')}`,
    ]);
  });
});
