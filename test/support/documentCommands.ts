import { readFileSync } from 'node:fs';

/** A command as a document shows it. */
export interface Shown {
  readonly document: string;
  /** As a person would copy it, on one line. */
  readonly line: string;
  /** In a block it must be harmless as it stands; in a sentence it is run with `--dry-run`, or only asked for its help. */
  readonly inSentence: boolean;
}

const fence = /^ *```bash\n([\s\S]*?)^ *```/gm;

/** Every command of docs/DOCUMENT.md, wherever it stands: in its blocks all, in its sentences those of `programs`. */
export function commandsIn(document: string, programs: readonly string[] = ['npm run']): Shown[] {
  const text = readFileSync(`docs/${document}.md`, 'utf8');
  const blocks = [...text.matchAll(fence)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\s*\\\n\s*/g, ' ')
      .trim()
      .split('\n'),
  );
  const sentences = [...text.replaceAll(fence, '').matchAll(/`([^`]+)`/g)]
    .map(([, line = '']) => line)
    .filter((line) => programs.some((program) => line.startsWith(`${program} `)));
  const shown = (lines: readonly string[], inSentence: boolean) =>
    [...new Set(lines)].map((line) => ({ document, line: line.trim().replaceAll(/\s+/g, ' '), inSentence }));
  return [...shown(blocks, false), ...shown(sentences, true)];
}

/** A command line as words; what stands in double quotes is one. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
