import { codeSpan } from '../../cli/codeSpan.ts';
import { separate, type Preview, type Step } from './preview.ts';
import { counted } from '../../machine/counted.ts';

/** Marks the one comment of this project on a pull request, so that the next run finds and updates it. */
export const marker = '<!-- staging-preview -->';

/** GitHub refuses a comment of more than 65,536 characters. */
const longest = 60_000;

const order = ['delete', 'delete-replaced', 'replace', 'create-replacement', 'create', 'update', 'import'];

function group(steps: readonly Step[]): string[] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) groups.set(step.op, [...(groups.get(step.op) ?? []), step]);
  const rank = (op: string) => (order.includes(op) ? order.indexOf(op) : order.length);
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([op, members]) => [
      `**${codeSpan(op)}** (${members.length})`,
      ...members.map(({ resource, properties }) => {
        const list = properties.length > 0 ? `: ${properties.map(codeSpan).join(', ')}` : '';
        return `- ${codeSpan(resource)}${list}`;
      }),
      '',
    ]);
}

function section(title: string, steps: readonly Step[], none: string): string[] {
  return [`### ${title}`, '', ...(steps.length === 0 ? [none, ''] : group(steps))];
}

function withoutHeading(markdown: string): string[] {
  return markdown
    .replace(/^#.*\n/, '')
    .trim()
    .split('\n');
}

/** The lines that fit, and where the rest is. */
function trim(lines: readonly string[], link: string): string {
  const kept: string[] = [];
  let length = link.length + 200;
  for (const line of lines) {
    length += line.length + 1;
    if (length > longest)
      return [...kept, '', `… ${counted(lines.length - kept.length, 'more line')}: [the whole preview](${link})`].join(
        '\n',
      );
    kept.push(line);
  }
  return [...kept, `[The whole preview](${link})`].join('\n');
}

/**
 * The comment's Markdown. `look` is what `npm run drift -- --markdown` wrote, which sees what a refresh cannot: values and
 * contexts of secrets, deleted variables, the rules in force, the running site. `undefined` when there was no look.
 */
export function previewComment(
  base: Preview,
  head: Preview,
  link: string,
  commit: string,
  look: string | undefined,
): string {
  const { drift, changes } = separate(base, head);
  const listed = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`### ${title}`, '', ...lines.map((line) => `- ${codeSpan(line)}`), ''];
  return trim(
    [
      marker,
      `## Staging preview of ${codeSpan(commit.slice(0, 12))}`,
      '',
      ...listed('The preview failed', head.errors),
      ...listed('The preview warns', head.warnings),
      ...section('What this pull request changes', changes, 'Nothing.'),
      '### Drift of the live system, with or without this pull request',
      '',
      ...(look === undefined ? ['The look for drift failed; its job says why.'] : withoutHeading(look)),
      '',
      ...section('What an update of the base would put right (a preview with `--refresh`)', drift, 'Nothing.'),
    ],
    link,
  );
}
