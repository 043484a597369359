import type { Described } from '../../../cli/bareProgram.ts';

const head = `# Commands

Made from the definitions of the commands by \`npm run docs:commands\`; do not edit it by hand. Every command prints the same
with \`--help\`. What follows \`--\` may stand in any order.

Exit codes everywhere: 0 fine, 1 error, 2 findings (drift, leaks, a failed check).
`;

/** The document of all commands. */
export function commandsDocument(commands: readonly Described[]): string {
  return [head, ...commands.map(section)].join('\n');
}

function section({ typed, description, usage, verbs, options, more }: Described): string {
  const shared = verbs.length < 2 ? [] : (verbs[0]?.options ?? []).filter((each) => verbs.every(takes(each)));
  const parts = [
    `## ${typed}`,
    verbs.length === 0 ? code(usage) : '',
    prose(description),
    optionList(options),
    ...verbs.flatMap((verb) => verbParts(verb, shared)),
    shared.length === 0 ? '' : `Options of every verb:\n\n${optionList(shared)}`,
    prose(more),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function verbParts({ usage, description, options, verbs }: Described, shared: Described['options']): string[] {
  const own = options.filter((option) => !shared.some(({ flags }) => flags === option.flags));
  const below = verbs.flatMap((verb) => verbParts(verb, []));
  return [`### ${usage}`, prose(description), optionList(own), ...below];
}

function takes({ flags, description }: Described['options'][number]) {
  return ({ options }: Described) =>
    options.some((option) => option.flags === flags && option.description === description);
}

function optionList(options: Described['options']): string {
  return options.map(({ flags, description }) => `- \`${flags}\`: ${escaped(description)}`).join('\n');
}

/** A text of a help. Where it has an order of its own (lines that are set in), it is shown as it is. */
function prose(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => (/\n +\S/.test(paragraph) ? code(paragraph) : escaped(paragraph)))
    .join('\n\n')
    .trim();
}

function code(text: string): string {
  return ['```text', text, '```'].join('\n');
}

/** What Markdown would take for more than a text. */
function escaped(text: string): string {
  return text.replaceAll('*', '\\*').replaceAll('<', '\\<').replaceAll('[', '\\[').replaceAll(']', '\\]');
}
