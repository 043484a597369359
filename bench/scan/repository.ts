import { git } from '../../files/git.ts';
import { printable } from '../../machine/printable.ts';
import { ratios, summary } from '../preview/statistics.ts';
import { judged, placeFingerprint, type Label } from './labels.ts';
import type { Place, Tool } from './tools.ts';

/** Places without a label are listed up to this number for each tool. */
const listed = 40;

/** Runs every tool in turn over a clean clone of a real repository, and holds what it reports against the labels. */
export function measureRepository(
  tools: readonly Tool[],
  folder: string,
  labels: ReadonlyMap<string, Label>,
  rounds: number,
): string {
  const files = git(folder, ['ls-files', '-z']).split('\0').filter(Boolean).length;
  const runs = tools.map(() => ({ seconds: [] as number[], places: [] as readonly Place[] }));
  for (let round = 0; round < rounds; round++) {
    tools.forEach((tool, index) => {
      const { seconds, places } = tool.scan(folder);
      runs[index]?.seconds.push(seconds);
      runs[index] = { seconds: runs[index]?.seconds ?? [], places };
    });
  }
  const own = runs[0]?.seconds ?? [];
  const judgements = runs.map(({ places }) => judged(places, labels));
  const rows = tools.map(({ name }, index) => {
    const { seconds = [] } = runs[index] ?? {};
    const judgement = judgements[index];
    if (!judgement) return '';
    const { right, missed, wrong, open, precision } = judgement;
    const shown = precision === undefined ? '' : `${(100 * precision).toFixed(0)} %`;
    const perThousand = ((1000 * wrong) / files).toFixed(1);
    const ratio = index === 0 ? '' : ratios(seconds, own).median.toFixed(2);
    const time = summary(seconds).median.toFixed(2);
    return `| ${[name, `${right} of ${right + missed}`, wrong, perThousand, shown, open.length, time, ratio].join(' | ')} |`;
  });
  const unlabelled = tools.flatMap(({ name }, index) => {
    const open = judgements[index]?.open ?? [];
    const lines = open
      .slice(0, listed)
      .map((place) => `${placeFingerprint(place)} ${printable(place.file)}:${place.line}`);
    if (open.length > listed) lines.push(`… and ${open.length - listed} more`);
    return lines.length === 0 ? [] : ['', `Without a label, by ${name}:`, ...lines];
  });
  return [
    `${files} files at commit ${git(folder, ['rev-parse', '--short=12', 'HEAD']).trim()}`,
    '',
    '| tool | secrets found | false errors | a thousand files | precision | without a label | seconds | times as long as npm run scan |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    ...unlabelled,
  ].join('\n');
}
