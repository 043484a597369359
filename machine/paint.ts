import { styleText } from 'node:util';

/** A colour or weight of a text. */
type Format = Parameters<typeof styleText>[0];

/** Colours a text, where what it is printed on shows colours. */
export type Paint = (format: Format, text: string) => string;

/** Paints for a stream: where it is a terminal and NO_COLOR is not set, or FORCE_COLOR is. */
export function painter(stream: NodeJS.WriteStream = process.stdout): Paint {
  return (format, text) => styleText(format, text, { stream });
}

/** Paints nothing. */
export const plainly: Paint = (_, text) => text;
