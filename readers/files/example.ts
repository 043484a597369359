import { parseEnv } from 'node:util';
import { posix } from 'node:path';
import type { Definition } from '../readers.ts';

/** Whether a file says which values the application wants on a person's machine (`.env.example` and its like). */
export function isExample(file: string): boolean {
  const name = posix.basename(file);
  return name.startsWith('.env') && ['example', 'sample', 'template', 'dist'].some((word) => name.includes(word));
}

/** The names in such a file; never a value. */
export function exampleFile(file: string, text: string): Definition[] {
  const lines = text.split('\n').map((line) => line.trimStart());
  return Object.keys(parseEnv(text)).map((name) => {
    const at = lines.findIndex((line) => line.startsWith(`${name}=`) || line.startsWith(`export ${name}=`));
    return { name, by: 'example', file, line: Math.max(at, 0) + 1, column: 1 };
  });
}
