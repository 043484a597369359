import type { CheckedLine } from '../../audit/chain.ts';
import { columns } from '../../machine/columns.ts';
import { printable } from '../../machine/printable.ts';
import { isKey } from './keys.ts';
import type { Event, Since } from './since.ts';

const unknownEnd: Readonly<Record<string, string>> = {
  begun: ' (begun; how it ended was not recorded)',
  unknown: ' (no answer: it may not have happened)',
  refused: ' (refused)',
};

/** What begins a line about a key at its vendor. */
const keyWords: Readonly<Record<string, string>> = {
  create: 'made',
  delete: 'deleted',
  disable: 'disabled',
  enable: 'enabled',
  'revoked by hand': 'revoked',
};

/** The places of a value, and the keys that it was, for people. */
export function placesText(value: string, places: readonly Since[]): string {
  const rows = places.flatMap((each) => [
    [each.title, each.fingerprint ?? '–', sinceText(each)],
    ...each.earlier.map((event) => ['', event.fingerprint ?? '–', `${event.time} ${whoText(event)}`]),
  ]);
  return `${[printable(value), ...columns(rows, '  ')].join('\n')}\n`;
}

function sinceText({ place, source, since, write, update }: Since): string {
  const words = isKey(place) ? keyWords : {};
  if (write !== undefined) return `${words[write.action] ?? 'since'} ${write.time} ${whoText(write)}`;
  if (source !== 'state' || since === undefined) return 'nothing is recorded of it';
  const run = update?.run === undefined ? 'by an update that has no line here' : `by ${update.run}`;
  return `since ${since} at the latest, ${run}${update?.commit === undefined ? '' : `, at commit ${update.commit}`}`;
}

function whoText({ by, from, command, approval, action, outcome, isSigned }: Event): string {
  const words = [`by ${by}`, `from ${from}:`, command, `(${action}${approval === undefined ? '' : `; ${approval}`})`];
  return printable(`${words.join(' ')}${unknownEnd[outcome] ?? ''}${isSigned === false ? ' [not signed]' : ''}`);
}

/** The newest writes of every kind, the newest first. */
export function linesText(lines: readonly CheckedLine[]): string {
  const rows = lines.map((line) => {
    const targets = line.writes.map(({ place, name, in: where, fingerprint }) =>
      [place, name, where, fingerprint].filter((part) => part !== undefined).join(' '),
    );
    return `  ${line.time}  ${printable(targets.join(', '))}\n    ${whoText(line)}`;
  });
  return rows.length === 0 ? 'No write is recorded.\n' : `${rows.join('\n')}\n`;
}
