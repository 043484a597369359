import type { Source } from '../places/place.ts';
import { placeResources, placeRules, placeTitle, type ManagedPlace } from '../places/places.ts';
import { secretScopes } from '../places/netlify/setting.ts';
import { namespace } from '../settings/names/names.ts';
import type { Settings, Variable } from '../settings/settings.ts';

/** What is wrong with the values themselves, once they are known; never a value. */
export interface Judgement {
  /** What a service would refuse half way through an update. */
  readonly errors: readonly string[];
  /** What is possible, and may not be meant. */
  readonly warnings: readonly string[];
}

/** What AWS lets the variables of a function have together: names and values, in bytes. */
const functionsBytes = 4096;

/** Judges the declared values; `plain` gives a source's value, or `undefined` where this run does not know it. */
export function judgeValues(settings: Settings, plain: (source: Source) => string | undefined): Judgement {
  const sized = settings.placements.flatMap((placement) => {
    const { value, place, source } = placement;
    const most = placeRules[place].mostBytes;
    const bytes = Buffer.byteLength(plain(source) ?? '');
    if (most === undefined || bytes <= most) return [];
    return [
      `${namespace}:values.${value}.${place}: the value has ${bytes} bytes, and one ${placeTitle(placement)} takes ${most}. ` +
        'Shorten it, or keep it elsewhere and declare where it is',
    ];
  });
  return {
    errors: [...sized, ...crowded(settings)],
    warnings: [...blankEnds(settings, plain), ...sums(settings, plain)],
  };
}

/** More names than a service keeps. */
function crowded({ placements }: Settings): string[] {
  const lists = Map.groupBy(placements, ({ place, environment }) => `${place}/${environment ?? ''}`);
  return [...lists.values()].flatMap((list) => {
    const [first] = list;
    if (!first || first.place === 'localFile') return [];
    const most = mostNames(first.place, first.environment);
    return list.length <= most
      ? []
      : [
          `${namespace}:values: ${list.length} values are declared as ${placeTitle(first)}, and ${most} are possible. Take some out`,
        ];
  });
}

/** How many names a place keeps in one list. */
export function mostNames(place: ManagedPlace, environment: string | undefined): number {
  const { most } = placeResources[place];
  return environment === undefined ? most.names : most.inEnvironment;
}

/** A line break or a space at either end is written as it is: few mean it. */
function blankEnds({ netlify, placements }: Settings, plain: (source: Source) => string | undefined): string[] {
  const all = [
    ...netlify.variables.flatMap(({ value, values }) => values.map(({ source }) => ({ value, source }))),
    ...placements,
  ];
  const found = all.flatMap(({ value, source }) => {
    const text = plain(source);
    if (text === undefined || text.trim() === '') return [];
    const first = text.slice(0, text.length - text.trimStart().length);
    const last = text.slice(text.trimEnd().length);
    // A key of several lines ends in a line break as a matter of course.
    const isKey = last === '\n' && text.trimEnd().includes('\n');
    const ends = [
      ...(first === '' ? [] : [`begins with ${blank(first)}`]),
      ...(last === '' || isKey ? [] : [`ends in ${blank(last)}`]),
    ];
    const where = source.kind === 'reference' ? source.reference : `${namespace}:values.${value}`;
    return ends.map((end) => `${value} ${end}, which is written as it is. If that is not meant, correct ${where}`);
  });
  return [...new Set(found)];
}

function blank(text: string): string {
  return /[\r\n]/.test(text) ? 'a line break' : 'a space';
}

/** The contexts in which the variables of functions have more than AWS takes. */
function sums({ netlify }: Settings, plain: (source: Source) => string | undefined): string[] {
  const sizes = new Map<string, number>();
  for (const variable of netlify.variables.filter(reachesFunctions)) {
    for (const { context, source } of variable.values) {
      const bytes = Buffer.byteLength(variable.name) + Buffer.byteLength(plain(source) ?? '');
      sizes.set(context, (sizes.get(context) ?? 0) + bytes);
    }
  }
  return [...sizes]
    .filter(([, bytes]) => bytes > functionsBytes)
    .map(
      ([context, bytes]) =>
        `The declared variables of Netlify's functions have ${bytes} bytes in ${context}, names and values, and AWS takes ` +
        `${functionsBytes} with Netlify's own: a deploy may fail. Give those that functions do not read other scopes, or take them out`,
    );
}

function reachesFunctions({ secret, scopes }: Variable): boolean {
  const effective = scopes ?? (secret ? secretScopes : undefined);
  return effective === undefined || effective.includes('functions');
}
