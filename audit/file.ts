import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../machine/writeWhole.ts';
import {
  beginning,
  checkTrail,
  digestOf,
  headOf,
  noTrail,
  sealed,
  type Checked,
  type End,
  type Head,
} from './chain.ts';
import { parseLine, type Statement } from './line.ts';
import { locked, lockWaitMs } from './lock.ts';

/** No line is longer. */
const longestLine = 64 * 1024;

/**
 * Adds one line to a trail and yields its number. The line is there whole or not at all: where the disk is full, what had
 * been written of it is taken away again. Throws where it cannot be written, or where others hold it for longer than `waitMs`.
 */
export function append(
  file: string,
  statement: Statement,
  key: string | undefined,
  waitMs: number = lockWaitMs,
): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return locked(
    file,
    () => {
      const { O_APPEND, O_CREAT, O_RDWR } = constants;
      const handle = openSync(file, O_APPEND | O_CREAT | O_RDWR, 0o600);
      try {
        fchmodSync(handle, 0o600);
        const { size } = fstatSync(handle);
        const { end, isWhole } = endOf(handle, size, file);
        const text = sealed(statement, end, key);
        try {
          const bytes = Buffer.from(`${isWhole ? '' : '\n'}${text}\n`);
          if (writeSync(handle, bytes) < bytes.length) throw new Error('the disk is full');
        } catch (error) {
          ftruncateSync(handle, size);
          throw error;
        }
        const next = { n: end.n + 1, digest: digestOf(text) };
        writeHead(file, headOf(next, key, key === undefined ? readHead(file) : undefined));
        return next.n;
      } finally {
        closeSync(handle);
      }
    },
    waitMs,
  );
}

/** Where the trail ends; `isWhole` is false where its last line has no end. */
function endOf(handle: number, size: number, file: string): { readonly end: End; readonly isWhole: boolean } {
  if (size === 0) return { end: beginning, isWhole: true };
  const tail = Buffer.alloc(Math.min(size, longestLine));
  readSync(handle, tail, 0, tail.length, size - tail.length);
  const isWhole = tail.at(-1) === 0x0a;
  const last = tail.subarray(0, isWhole ? -1 : undefined);
  const row = last.subarray(last.lastIndexOf(0x0a) + 1).toString();
  const n = parseLine(row)?.n ?? readFileSync(file, 'utf8').split('\n').length - Number(isWhole);
  return { end: { n, digest: digestOf(row) }, isWhole };
}

/** The line is written, whatever becomes of this: a head that is behind is none that says too much. */
function writeHead(file: string, head: Head): void {
  try {
    writeWhole(headFile(file), JSON.stringify(head), 0o600);
  } catch {
    // as above
  }
}

function headFile(file: string): string {
  return `${file}.head`;
}

const head = z.strictObject({
  n: z.int(),
  digest: z.string(),
  key: z.string().exactOptional(),
  mac: z.string().exactOptional(),
  signed: z.strictObject({ n: z.int(), digest: z.string(), key: z.string(), mac: z.string() }).exactOptional(),
});

/** Reads and checks a trail; one that is not there has no lines. */
export function readTrail(file: string, key: string | undefined): Checked {
  // First what says where the end is: a line that is added meanwhile is then one more, not one too few.
  const beside = textOf(headFile(file));
  const text = textOf(file);
  if (text === undefined && beside === undefined) return noTrail;
  return checkTrail(text ?? '', beside === undefined ? undefined : parsedHead(beside), key);
}

/** What is kept beside a trail; `undefined` for what cannot be read: a line is written all the same. */
function readHead(file: string): Head | undefined {
  try {
    const text = textOf(headFile(file));
    return text === undefined ? undefined : parsedHead(text);
  } catch {
    return undefined;
  }
}

function parsedHead(text: string): Head | undefined {
  try {
    const parsed = head.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
