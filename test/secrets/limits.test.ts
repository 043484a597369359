import { describe, expect, it } from '@jest/globals';
import type { Source } from '../../places/place.ts';
import { judgeValues } from '../../secrets/limits.ts';
import { parseSettings, type Settings } from '../../settings/settings.ts';

const from = 'op://Platform/Supabase/field';

function declaring(values: Record<string, unknown>, plan: 'free' | 'paid' = 'free'): Settings {
  return parseSettings({
    organizationId: '11111111-2222-4333-8444-555555555555',
    values,
    netlify: { site: 'Site', team: 'team', plan },
    github: { repository: 'repository' },
    supabase: { project: 'abcdefghijklmnopqrst' },
  });
}

/** The judgement where the vault holds this text. */
const judged = (values: Record<string, unknown>, text: string, plan: 'free' | 'paid' = 'free') =>
  judgeValues(declaring(values, plan), (source: Source) => (source.kind === 'reference' ? text : undefined));

describe('a value that a place cannot hold', () => {
  it.each([
    ['actionsSecret', 48 * 1024, 'GitHub Actions secret'],
    ['actionsVariable', 48 * 1024, 'GitHub Actions variable'],
    ['edgeFunction', 24 * 1024, 'Edge Function secret'],
  ])('is refused in %s from %d bytes on, by its entry and place', (place, most, title) => {
    const values = { KEY: { from, [place]: true } };
    expect(judged(values, 'x'.repeat(most)).errors).toEqual([]);
    // Bytes count, not characters.
    const { errors } = judged(values, `${'x'.repeat(most - 1)}é`);
    expect(errors).toEqual([
      `allincompassing:values.KEY.${place}: the value has ${most + 1} bytes, and one ${title} takes ${most}. Shorten it, or keep it elsewhere and declare where it is`,
    ]);
    expect(errors.join()).not.toContain('xxx');
  });

  it('counts the names of a list', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`KEY_${index}`, { from, actionsSecret: true }]));
    expect(judged(many(100), 'x').errors).toEqual([]);
    expect(judged(many(101), 'x').errors).toEqual([
      'allincompassing:values: 101 values are declared as GitHub Actions secret, and 100 are possible. Take some out',
    ]);
  });
});

describe('what has no limit, or one of its own', () => {
  const many = (count: number, at: Record<string, unknown>, prefix = 'KEY') =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}_${index}`, { from, ...at }]));

  it('is a local file, in size and number', () => {
    expect(judged(many(101, { localFile: true }), 'x'.repeat(100_000)).errors).toEqual([]);
  });

  it('is each list by itself: the repository’s, and each environment’s', () => {
    const lists = [{}, { environments: ['qa'] }, { environments: ['demo'] }].map((at, index) =>
      many(60, { actionsSecret: Object.keys(at).length > 0 ? at : true }, `LIST${index}`),
    );
    expect(judged(Object.assign({}, ...lists) as Record<string, unknown>, 'x').errors).toEqual([]);
  });

  it('is smaller for the variables of an environment than for the repository’s', () => {
    expect(judged(many(101, { actionsVariable: true }), 'x').errors).toEqual([]);
    const inEnvironment = many(101, { actionsVariable: { environments: ['qa'] } });
    expect(judged(inEnvironment, 'x').errors).toEqual([
      'allincompassing:values: 101 values are declared as GitHub Actions variable of the environment qa, and 100 are possible. Take some out',
    ]);
  });
});

describe('a value that may not be meant so', () => {
  it.each([
    ['ends in a line break', 'value\n'],
    ['ends in a line break', 'value \r\n'],
    ['ends in a space', 'value '],
    ['begins with a space', ' value'],
    ['begins with a line break', '\nfirst line\nlast line\n'],
  ])('%s', (what, text) => {
    const values = { KEY: { from, netlify: true, actionsSecret: true } };
    expect(judged(values, text).warnings).toEqual([
      `KEY ${what}, which is written as it is. If that is not meant, correct ${from}`,
    ]);
    expect(judged(values, 'value').warnings).toEqual([]);
    expect(judged(values, 'first line\nlast line\n').warnings).toEqual([]);
  });

  it('ends in a space behind lines as well, and in nothing where it is a space alone', () => {
    const values = { KEY: { from, actionsSecret: true } };
    expect(judged(values, 'first line\nlast line ').warnings).toEqual([expect.stringContaining('KEY ends in a space')]);
    expect(judged(values, ' ').warnings).toEqual([]);
  });

  it('is corrected where it stands: a literal in the file; what this run does not know is not judged', () => {
    const settings = declaring({
      LEVEL: { value: 'debug ', netlify: true },
      ORG: { from: 'organizationId', netlify: true },
    });
    const plain = (source: Source) => (source.kind === 'literal' ? source.value : undefined);
    expect(judgeValues(settings, plain).warnings).toEqual([
      'LEVEL ends in a space, which is written as it is. If that is not meant, correct allincompassing:values.LEVEL',
    ]);
  });

  it('is one of many that functions read: with the sum, in each context', () => {
    const values = { ONE: { from, netlify: true }, TWO: { from, netlify: { secret: true } } };
    expect(judged(values, 'x'.repeat(2045)).warnings).toEqual([]);
    const { warnings } = judged(values, 'x'.repeat(2046));
    expect(warnings.map((each) => each.slice(0, 84))).toEqual([
      "The declared variables of Netlify's functions have 4098 bytes in branch:staging, nam",
      "The declared variables of Netlify's functions have 4098 bytes in branch:develop, nam",
    ]);
    const builds = { ONE: { from, netlify: { scopes: ['builds'] } }, TWO: { from, netlify: { secret: true } } };
    expect(judged(builds, 'x'.repeat(2046), 'paid').warnings).toEqual([]);
  });
});
