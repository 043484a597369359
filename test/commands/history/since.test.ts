import { describe, expect, it } from '@jest/globals';
import type { Line } from '../../../audit/line.ts';
import { placesOf, vaultFieldsOf, type DeclaredPlace } from '../../../commands/history/places.ts';
import { ended, eventsOf, since } from '../../../commands/history/since.ts';
import { heldIn, updateAt, type Update } from '../../../commands/history/state.ts';
import { placesText } from '../../../commands/history/text.ts';
import type { Export } from '../../../engine/deployment.ts';
import { vaultAct } from '../../../rotation/vault/audit.ts';
import { Secret } from '../../../secrets/secret.ts';
import type { Settings } from '../../../settings/settings.ts';

const place: DeclaredPlace = { place: 'netlify', name: 'KEY', in: 'branch:develop', title: 'Netlify branch:develop' };
const at = (minute: number) => `2026-11-28T00:${String(minute).padStart(2, '0')}:00.000Z`;

/** A line that writes the place, with what is different. */
function line(n: number, more: Partial<Line> & { readonly fingerprint?: string } = {}): Line {
  const { fingerprint, ...rest } = more;
  return {
    ...{ n, time: at(n), stack: 'staging', by: 'ann', from: 'laptop', command: 'drift', action: 'set' },
    writes: [
      { place: 'netlify', name: 'KEY', in: 'branch:develop', ...(fingerprint !== undefined && { fingerprint }) },
    ],
    ...{ outcome: 'done', previous: '' },
    ...rest,
  };
}
const updates: Update[] = [
  { start: at(1), commit: 'aaa', run: undefined },
  { start: at(20), commit: 'bbb', run: 'https://github.example.com/runs/7' },
  { start: at(40), commit: 'ccc', run: undefined },
];

describe('since when a place has its value', () => {
  it('is the last write of the trail, with who and how, and the ones before it', () => {
    const lines = [line(1, { fingerprint: 'a' }), line(2, { fingerprint: 'b', approval: '--yes' })];
    const found = since(place, lines, { fingerprint: 'b', at: at(2) }, updates);
    expect(found).toMatchObject({
      source: 'trail',
      since: at(2),
      fingerprint: 'b',
      write: { n: 2, approval: '--yes' },
    });
    expect(found.earlier.map(({ n }) => n)).toEqual([1]);
  });

  it('is not a write that was refused, which is told all the same', () => {
    const found = since(place, [line(1), line(2, { outcome: 'refused' })], undefined, updates);
    expect(found).toMatchObject({ since: at(1), earlier: [{ n: 2, outcome: 'refused' }] });
  });

  it('is a write without a known end, as after a kill, and says so', () => {
    const found = since(place, [line(1), line(2, { outcome: 'begun' })], undefined, updates);
    expect(found.write).toMatchObject({ n: 2, outcome: 'begun' });
    expect(placesText('KEY', [found])).toContain('how it ended was not recorded');
  });

  it('is the state’s word where another machine wrote since, with the update and never an invented person', () => {
    const found = since(place, [line(1, { fingerprint: 'a' })], { fingerprint: 'b', at: at(30) }, updates);
    expect(found).toMatchObject({ source: 'state', since: at(30), fingerprint: 'b', update: { commit: 'bbb' } });
    expect(found.earlier.map(({ n }) => n)).toEqual([1]);
    expect(placesText('KEY', [found])).toContain(
      `since ${at(30)} at the latest, by https://github.example.com/runs/7, at commit bbb`,
    );
  });

  it('stays the trail’s where only another context of the same key was written later', () => {
    const found = since(place, [line(1, { fingerprint: 'a' })], { fingerprint: 'a', at: at(30) }, updates);
    expect(found).toMatchObject({ source: 'trail', since: at(1) });
  });

  it.each([59, 1])('is the state’s word where its value is another one, written %i s later', (seconds) => {
    const held = { fingerprint: 'b', at: `2026-11-28T00:05:${String(seconds).padStart(2, '0')}.000Z` };
    expect(since(place, [line(5, { fingerprint: 'a' })], held, updates)).toMatchObject({
      ...{ source: 'state', since: held.at, fingerprint: 'b' },
      earlier: [{ n: 5 }],
    });
  });

  it('stays the trail’s where it wrote another value after the update', () => {
    const held = { fingerprint: 'a', at: at(5) };
    expect(since(place, [line(6, { fingerprint: 'b' })], held, updates)).toMatchObject({
      source: 'trail',
      since: at(6),
    });
  });

  it('allows for two clocks where one fingerprint is not known', () => {
    const soon = '2026-11-28T00:05:50.000Z';
    expect(since(place, [line(5)], { fingerprint: 'b', at: soon }, []).source).toBe('trail');
    expect(since(place, [line(5, { fingerprint: 'a' })], { fingerprint: undefined, at: soon }, []).source).toBe(
      'trail',
    );
  });

  it('goes by the time for a value that has no fingerprint', () => {
    expect(since(place, [line(5)], { fingerprint: undefined, at: at(5) }, []).source).toBe('trail');
    expect(since(place, [line(5)], { fingerprint: undefined, at: at(30) }, []).source).toBe('state');
  });

  it('is not known where neither knows the place', () => {
    expect(since(place, [], undefined, updates)).toEqual({
      title: place.title,
      place: 'netlify',
      name: 'KEY',
      in: 'branch:develop',
      earlier: [],
    });
  });
});

describe('the writes of a place', () => {
  it('are its own alone, and those of every context', () => {
    const lines = [
      line(1),
      line(2, { writes: [{ place: 'netlify', name: 'KEY', in: 'production' }] }),
      line(3, { writes: [{ place: 'netlify', name: 'KEY', in: 'every context' }] }),
      line(4, { writes: [{ place: 'actionsSecret', name: 'KEY' }] }),
    ];
    expect(eventsOf(lines, place).map(({ n }) => n)).toEqual([1, 3]);
    expect(eventsOf(lines, { place: 'actionsSecret', name: 'KEY', in: undefined }).map(({ n }) => n)).toEqual([4]);
  });

  it('begin and end as one', () => {
    const lines = [line(1, { outcome: 'begun' }), line(2, { begun: 1 }), line(3, { outcome: 'begun' })];
    expect(ended(lines).map(({ n }) => n)).toEqual([2, 3]);
  });
});

it('a place has the name that people read, and the value’s other names are told', () => {
  const settings: Pick<Settings, 'netlify' | 'placements'> = {
    netlify: {
      variables: [{ name: 'ALIAS', value: 'KEY', values: [{ context: 'production' }] }],
    } as unknown as Settings['netlify'],
    placements: [
      { place: 'actionsSecret', value: 'KEY', name: 'KEY', source: { kind: 'siteId' }, environment: 'staging' },
      { place: 'edgeFunction', value: 'OTHER', name: 'OTHER', source: { kind: 'siteId' } },
    ],
  };
  expect(placesOf(settings, 'KEY')).toEqual([
    { place: 'netlify', name: 'ALIAS', in: 'production', title: 'Netlify production as ALIAS' },
    { place: 'actionsSecret', name: 'KEY', in: 'staging', title: 'GitHub Actions secret of the environment staging' },
  ]);
});

it('the fields of the vault are those that a value’s places take it from, each once; a rotation’s lines are of them', () => {
  const from = (reference: string) => ({ kind: 'reference', reference }) as const;
  const settings: Pick<Settings, 'netlify' | 'placements' | 'organizationId'> = {
    organizationId: from('op://Platform/Supabase/organization'),
    netlify: {
      variables: [
        {
          ...{ name: 'ALIAS', value: 'KEY' },
          values: [
            { context: 'production', source: from('op://Platform/Supabase/production_key') },
            { context: 'branch:develop', source: from('op://Platform/Supabase/key') },
          ],
        },
      ],
    } as unknown as Settings['netlify'],
    placements: [
      { place: 'actionsSecret', value: 'KEY', name: 'KEY', source: from('op://Platform/Supabase/key') },
      { place: 'actionsSecret', value: 'ORGANIZATION', name: 'ORGANIZATION', source: { kind: 'organizationId' } },
    ],
  };
  const names = (value: string) => vaultFieldsOf(settings, value).map(({ name }) => name);
  expect(names('KEY')).toEqual(['op://Platform/Supabase/production_key', 'op://Platform/Supabase/key']);
  expect(names('ORGANIZATION')).toEqual(['op://Platform/Supabase/organization']);
  const { writes } = vaultAct('op://Platform/Supabase/key', [
    { label: 'previous_key', value: new Secret('old') },
    { label: 'Key', value: new Secret('new') },
    { label: 'rotating_key', value: new Secret('by somebody'), plain: true },
  ]);
  expect(writes).toEqual([
    { place: 'vault', name: 'op://Platform/Supabase/previous_key', value: 'old' },
    { place: 'vault', name: 'op://Platform/Supabase/key', value: 'new' },
    { place: 'vault', name: 'op://Platform/Supabase/rotating_key' },
  ]);
  const [, , field] = [...vaultFieldsOf(settings, 'ORGANIZATION'), ...vaultFieldsOf(settings, 'KEY')];
  const target = { place: 'vault', name: 'op://Platform/Supabase/key', fingerprint: 'f' };
  if (!field) throw new Error('there is no field');
  expect(since(field, [line(3, { writes: [target] })], undefined, [])).toMatchObject({
    ...{ title: '1Password op://Platform/Supabase/key', since: at(3), fingerprint: 'f', write: { by: 'ann' } },
  });
});

it('the end of a rotation, which takes its mark away, is no write of the value', () => {
  const { action, writes } = vaultAct('op://Platform/Supabase/key', [{ label: 'rotating_key', value: undefined }]);
  expect({ action, writes }).toEqual({
    action: 'delete',
    writes: [{ place: 'vault', name: 'op://Platform/Supabase/rotating_key' }],
  });
});

it('the state says what stands in each kind of place', () => {
  const urn = (name: string) => `urn:pulumi:staging::p::t::${name}`;
  const state: Export = {
    version: 3,
    deployment: {
      resources: [
        {
          urn: urn('p-staging'),
          type: 'pulumi:pulumi:Stack',
          outputs: {
            variables: { KEY: { fingerprints: { 'branch:develop': 'a' } } },
            placed: { 'github-KEY': { fingerprint: 'b' } },
          },
        },
        {
          urn: urn('netlify-KEY'),
          id: '1',
          type: 'netlify:index/environmentVariable:EnvironmentVariable',
          inputs: { key: 'KEY' },
          modified: at(3),
        },
        {
          urn: urn('github-KEY'),
          id: '2',
          type: 'github:index/actionsSecret:ActionsSecret',
          inputs: { secretName: 'KEY' },
          created: at(4),
        },
      ],
    },
  };
  const held = heldIn(state);
  expect(held(place)).toEqual({ fingerprint: 'a', at: at(3) });
  expect(held({ ...place, in: 'production' })).toEqual({ fingerprint: undefined, at: at(3) });
  expect(held({ place: 'actionsSecret', name: 'KEY', in: undefined, title: '' })).toEqual({
    fingerprint: 'b',
    at: at(4),
  });
  expect(held({ place: 'edgeFunction', name: 'KEY', in: undefined, title: '' })).toBeUndefined();
});

it('an update is the last that had begun', () => {
  expect(updateAt(updates, at(39))?.commit).toBe('bbb');
  expect(updateAt(updates, at(0))).toBeUndefined();
});
