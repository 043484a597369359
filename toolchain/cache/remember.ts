import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../machine/writeWhole.ts';
import { sourceHash } from './cacheFolder.ts';
import { onPath } from '../download/installed.ts';
import type { Mode, Toolchain } from '../toolchain.ts';
import { VERSIONS } from '../versions.ts';

/** Everything on which the answer depends, except the network. */
export interface Question {
  readonly mode: Mode;
  readonly module: string;
  readonly benchmark: boolean;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
}

interface Memory {
  readonly toolchain: Toolchain;
  /** Each file that the toolchain uses, as it was. */
  readonly files: Readonly<Record<string, string>>;
}

/** The toolchain that was settled for this question before, if all its files are still as they were. */
export function remembered(cacheFolder: string, question: Question): Toolchain | undefined {
  try {
    const memory = JSON.parse(readFileSync(memoryFile(cacheFolder, question), 'utf8')) as Memory;
    const unchanged = Object.entries(memory.files).every(([file, was]) => identity(file) === was);
    return unchanged ? memory.toolchain : undefined;
  } catch {
    return undefined; // nothing settled yet, or a file is gone
  }
}

/** Keeps the answer for the next start. */
export function remember(cacheFolder: string, question: Question, toolchain: Toolchain): void {
  const used = [toolchain.pulumi, ...toolchain.parts.map((part) => part.path)];
  const files = Object.fromEntries(used.flatMap((file) => (exists(file) ? [[file, identity(file)]] : [])));
  writeWhole(memoryFile(cacheFolder, question), JSON.stringify({ toolchain, files } satisfies Memory));
}

function memoryFile(cacheFolder: string, question: Question): string {
  const { environment } = question;
  const facts = [
    question.mode,
    String(question.benchmark),
    onPath('pulumi', environment) ?? '',
    environment.PULUMI_HOME ?? '',
  ];
  const hash = createHash('sha256').update(
    [sourceHash(question.module, [JSON.stringify(VERSIONS)]), ...facts].join('\0'),
  );
  return join(cacheFolder, `settled-${hash.digest('hex').slice(0, 16)}.json`);
}

function identity(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${size}:${mtimeMs}`;
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
