import { describe, expect, it } from '@jest/globals';
import { holderText, otherHolders } from '../../settings/otherHolders.ts';
import { placementsIn, type Placement, type Settings } from '../../settings/settings.ts';
import { settings } from '../commands/drift/lookFixture.ts';

const key = 'SUPABASE_SERVICE_ROLE_KEY';
const reference = (name: string) => ({ kind: 'reference', reference: `op://Platform/Supabase/${name}` }) as const;
const [template] = settings.netlify.variables;
const [secret] = placementsIn(settings, 'actionsSecret');
if (!template || !secret) throw new Error('the fixture declares too little');
const [staging = 'branch:staging'] = settings.netlify.contexts;
const variable = (name: string, production: string, own?: string) => ({
  ...{ ...template, name, secret: true },
  values: [
    ...(own === undefined ? [] : [{ context: staging, source: reference(own) }]),
    { context: 'production' as const, source: reference(production) },
  ],
});
const holders = (variables: ReturnType<typeof variable>[], onGithub: string, more: Partial<Placement> = {}) => {
  const changed: Settings = {
    ...settings,
    netlify: { ...settings.netlify, variables },
    placements: [{ ...secret, ...more, name: 'PROD_KEY', source: reference(onGithub) }],
  };
  return otherHolders(changed).get(key)?.map(holderText);
};

describe('who else holds a key', () => {
  const own = variable(key, 'production_key', 'staging_key');
  const production = 'production (op://Platform/Supabase/production_key)';

  it('is found under another name, by its reference: on Netlify and on GitHub', () => {
    expect(holders([own, variable('VITE_SERVICE_KEY', 'production_key')], 'production_key')).toEqual([
      production,
      'production as VITE_SERVICE_KEY (op://Platform/Supabase/production_key)',
      'GitHub Actions secret as PROD_KEY (op://Platform/Supabase/production_key)',
    ]);
  });

  it.each<[string, Partial<Placement>]>([
    ['GitHub Actions secret of the environment qa', { environment: 'qa' }],
    ['GitHub Actions variable', { place: 'actionsVariable' }],
    ['Edge Function secret', { place: 'edgeFunction' }],
  ])('is found in each other place: %s', (place, more) => {
    expect(holders([own], 'production_key', more)).toEqual([
      production,
      `${place} as PROD_KEY (op://Platform/Supabase/production_key)`,
    ]);
  });

  it('is no line of a local file: that is written anew by its own command', () => {
    expect(holders([own], 'production_key', { place: 'localFile' })).toEqual([production]);
  });

  it('is nobody who has another key, or staging’s own', () => {
    expect(holders([own, variable('VITE_SERVICE_KEY', 'staging_key')], 'another')).toEqual([production]);
  });
});
