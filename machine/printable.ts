/** Blanks that would begin another line, or hide where one begins. */
const lineBreaks = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu;

/** What steers a terminal instead of being read: escapes, backspaces, and the marks that turn the direction of writing. */
const steering = /[\p{Cc}\p{Bidi_Control}]/gu;

/** What a runner takes for a command: `::` where a line begins, and the older `##[` anywhere. */
const command = /^(\s*)::/u;

/**
 * A text of somebody else (a file's name, a service's words, git's output) as one line that is safe to print: control
 * characters are replaced, and it cannot be taken for a workflow command (`::add-mask::…`) by the job that prints it.
 */
export function printable(text: string): string {
  return text.replace(lineBreaks, ' ').replace(steering, '\uFFFD').replace(command, '$1: :').replaceAll('##[', '# #[');
}

/** The same for a text of several lines: its line ends and tabs are kept, and no line of it begins a workflow command. */
export function printableLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split('\t').map(printable).join('\t'))
    .join('\n');
}
