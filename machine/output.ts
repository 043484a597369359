import { styleText } from 'node:util';
import { printable, printableLines } from './printable.ts';

/** The colours and weights that this project prints, as `styleText` writes them; nothing that hides or moves text. */
// eslint-disable-next-line no-control-regex
const ourColours = /(\u001b\[(?:1|2|22|3[1-6]|39)m)/;

/** What a JSON document holds as it is, and a terminal would obey. */
const steersInJson = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;

/** The functions that guard a stream, each with the one that it stands before. */
const behind = new WeakMap<object, (text: string) => unknown>();

/**
 * Makes everything that this process prints from now on safe: no line of it begins a workflow command, and nothing of it
 * steers a terminal. Texts of services, names of files and git's words reach every command's output, so that this is decided
 * here once, not in each command. Line ends and tabs stay, and on a terminal with colours our colours, which are left out elsewhere.
 */
export function guardOutput(streams: readonly NodeJS.WriteStream[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) {
    const write = writerOf(stream);
    if (behind.has(write)) continue;
    const guarded = (chunk: unknown, ...rest: readonly unknown[]): unknown =>
      Reflect.apply(write, stream, [typeof chunk === 'string' ? harmless(chunk, hasColours(stream)) : chunk, ...rest]);
    behind.set(guarded, (text) => Reflect.apply(write, stream, [text]));
    Object.defineProperty(stream, 'write', { value: guarded, configurable: true, writable: true });
  }
}

/** Writes a text of ours that means to be a workflow command, or to move the cursor. What is foreign in it is escaped already. */
export function writeAsItIs(stream: { write(text: string): unknown }, text: string): void {
  const write = behind.get(writerOf(stream));
  if (write) write(text);
  else stream.write(text);
}

/** The stream without its guard, for what edits a line on a terminal. */
export function unguarded(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = behind.get(writerOf(stream));
  return write ? (Object.create(stream, { write: { value: write } }) as NodeJS.WriteStream) : stream;
}

/** A workflow command that GitHub's runner obeys, as one line. `data` is what it shows; line breaks in it stay. */
export function workflowCommand(kind: 'error' | 'warning', title: string, data: string): string {
  const escaped = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = escaped(printable(title)).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${kind} title=${property}::${escaped(printableLines(data))}`;
}

function writerOf(stream: object): (...given: readonly unknown[]) => unknown {
  return Reflect.get(stream, 'write') as (...given: readonly unknown[]) => unknown;
}

function hasColours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY || styleText('red', '-', { stream }) !== '-';
}

function harmless(text: string, colours: boolean): string {
  // A runner obeys `##[` anywhere in a line; in a document it stands in a string alone.
  if (isDocument(text)) return text.replace(steersInJson, escapedInJson).replaceAll('##[', '#\\u0023[');
  const parts = text.split(ourColours);
  const isColour = (index: number) => index % 2 === 1;
  if (!colours) return printableLines(parts.filter((_, index) => !isColour(index)).join(''));
  return parts.map((part, index) => (isColour(index) ? part : printableLines(part))).join('');
}

/** A whole JSON document: its strings keep what they hold, written as escapes. */
function isDocument(text: string): boolean {
  if (!/^[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function escapedInJson(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
