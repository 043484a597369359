import { describe, expect, it } from '@jest/globals';
import { parseSettings, placementsIn, type PlainPlace, type Settings } from '../../settings/settings.ts';
import { valid, type RawConfiguration } from './raw.ts';

const op = (field: string) => `op://a/b/${field}`;
const reference = (field: string) => ({ kind: 'reference', reference: op(field) });

/** The settings with these values alone. */
function settingsOf(
  values: Record<string, Record<string, unknown>>,
  more: (raw: RawConfiguration) => void = () => undefined,
): Settings {
  const raw = { ...valid(), values };
  more(raw);
  return parseSettings(raw);
}

const variables = (settings: Settings) => settings.netlify.variables.map(({ name, value }) => [name, value]);
const names = (settings: Settings, place: PlainPlace) =>
  placementsIn(settings, place).map(({ name, value, environment }) => [name, value, environment]);

describe('the places of a value', () => {
  it('are those that it names, under its own name or another', () => {
    const settings = settingsOf({
      A: { from: op('a'), netlify: true, actionsSecret: 'B', localFile: { as: 'C' }, edgeFunction: ['D', true] },
      Z: { value: 'z', netlify: ['VITE_Z', { as: 'Y', secret: 'false' }, 'true'], actionsVariable: {} },
    });
    expect(variables(settings)).toEqual(
      [
        ['A', 'A'],
        ['VITE_Z', 'Z'],
        ['Y', 'Z'],
        ['Z', 'Z'],
      ].sort(),
    );
    expect(names(settings, 'actionsSecret')).toEqual([['B', 'A', undefined]]);
    expect(names(settings, 'localFile')).toEqual([['C', 'A', undefined]]);
    expect(names(settings, 'edgeFunction')).toEqual([
      ['A', 'A', undefined],
      ['D', 'A', undefined],
    ]);
    expect(names(settings, 'actionsVariable')).toEqual([['Z', 'Z', undefined]]);
    expect(settings.placements.map(({ source }) => source)).toContainEqual(reference('a'));
  });

  it('have each its options', () => {
    const settings = settingsOf(
      {
        A: {
          from: op('a'),
          netlify: [{ secret: 'true' }, { as: 'B', scopes: ['builds'], otherContexts: { dev: op('d') } }],
        },
      },
      (raw) => (raw.netlify.plan = 'paid'),
    );
    const contexts = ['branch:staging', 'branch:develop'].map((context) => ({ context, source: reference('a') }));
    expect(settings.netlify.variables).toEqual([
      { name: 'A', value: 'A', key: 'netlify[0]', isShort: false, secret: true, values: contexts },
      {
        ...{ name: 'B', value: 'A', key: 'netlify[1]', isShort: false, secret: false, scopes: ['builds'] },
        values: [...contexts, { context: 'dev', source: reference('d') }],
      },
    ]);
  });

  it('take a number or a boolean for what it says, as `pulumi config set --path` writes it', () => {
    const places = { netlify: true, edgeFunction: true };
    const settings = settingsOf({
      A: { value: 5432, ...places },
      B: { value: true, ...places },
      C: { value: -7, ...places },
      D: { value: '0.50', ...places },
    });
    const expected = ['5432', 'true', '-7', '0.50'].map((value) => ({ kind: 'literal', value }));
    expect(settings.netlify.variables.map(({ values }) => values[0]?.source)).toEqual(expected);
    expect(settings.placements.map(({ source }) => source)).toEqual(expected);
  });

  it('on GitHub are the environments that it names, else that of the settings, else the repository', () => {
    const values = {
      A: { from: op('a'), actionsSecret: true },
      B: { value: 'b', actionsVariable: { environments: ['staging', 'qa'] } },
      C: { value: 'c', actionsVariable: { environments: [] } },
    };
    const own = settingsOf(values);
    expect(names(own, 'actionsSecret')).toEqual([['A', 'A', undefined]]);
    const inOne = settingsOf(values, (raw) => (raw.github.environment = 'preview'));
    expect(names(inOne, 'actionsSecret')).toEqual([['A', 'A', 'preview']]);
    for (const settings of [own, inOne]) {
      expect(names(settings, 'actionsVariable')).toEqual([
        ['B', 'B', 'staging'],
        ['B', 'B', 'qa'],
        ['C', 'C', undefined],
      ]);
    }
  });
});

describe('production’s source of a value', () => {
  const values = {
    A: { from: op('a'), production: op('p'), netlify: true, actionsSecret: true, edgeFunction: true, localFile: true },
  };

  it('is for Netlify’s context production, and the Edge Functions, whose project production shares', () => {
    const settings = settingsOf(values);
    expect(settings.netlify.variables[0]?.values).toContainEqual({ context: 'production', source: reference('p') });
    expect(settings.placements.map(({ place, source }) => [place, source])).toEqual([
      ['actionsSecret', reference('a')],
      ['edgeFunction', reference('p')],
      ['localFile', reference('a')],
    ]);
  });

  it('is not written on a site of staging’s own', () => {
    const settings = settingsOf(values, (raw) =>
      Object.assign(raw.netlify, { mode: 'separate-site', productionSite: 'other', contexts: ['production'] }),
    );
    expect(settings.netlify.variables[0]?.values).toEqual([{ context: 'production', source: reference('a') }]);
    expect(placementsIn(settings, 'edgeFunction')[0]?.source).toEqual(reference('p'));
  });

  it('stands in the place of a literal, too', () => {
    const settings = settingsOf({ A: { value: 'x', production: op('p'), netlify: true, edgeFunction: true } });
    expect(settings.netlify.variables[0]?.values.map(({ source }) => source)).toEqual([
      { kind: 'literal', value: 'x' },
      { kind: 'literal', value: 'x' },
      reference('p'),
    ]);
    expect(settings.placements[0]?.source).toEqual(reference('p'));
  });
});
