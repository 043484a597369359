import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { UsageError } from '../cli/errors.ts';
import { diskSources, fileSource } from '../files/disk.ts';
import { exceptionsFile } from '../files/exceptions.ts';
import { gitStatus } from '../files/git.ts';
import { everyMessage, everyVersion, sources } from '../files/history.ts';
import type { ScanFinding } from '../files/scanFinding.ts';
import { scanSources, type ValueFinder } from '../files/scanSources.ts';
import type { Source } from '../files/source.ts';
import { isReport, ofValues, rowsOf, type Row } from './rows.ts';

interface Looked {
  /** The folders of which files and history are looked through. */
  readonly folders: readonly string[];
  /** Where a path that was typed begins. */
  readonly from: string;
  readonly known: ValueFinder;
}

/**
 * What was found, by what a person gave: a scan's report (a file, `-` for standard input), a finding's fingerprint, a file or a
 * folder that is scanned, or nothing (`true`: files and history of `folders` are scanned). Throws a {@link UsageError} for what
 * is none of these.
 */
export async function rowsOfInput(given: string | true, looked: Looked): Promise<Row[]> {
  if (given === true) return scanAll(looked, exceptionsOf);
  if (given === '-') return rowsOf(await text(process.stdin), 'Standard input');
  const path = resolve(looked.from, given);
  if (existsSync(path)) return ofPath(realpathSync(path), looked.known);
  if (/^[0-9a-f]{12}$/.test(given)) return ofFingerprint(given, looked);
  throw new UsageError(
    // What was typed is not repeated: it may be the token itself.
    `What --leaked was given is no file, no folder and no fingerprint of a finding. Give the report of npm run scan -- --json (a file, or - for standard input).`,
  );
}

async function ofPath(path: string, known: ValueFinder): Promise<Row[]> {
  if (statSync(path).isDirectory())
    return inFolder(path, await scanSources(diskSources(path), exceptionsOf(path), known));
  const content = readFileSync(path, 'utf8');
  if (isReport(content)) return rowsOf(content, path);
  const folder = dirname(path);
  return inFolder(folder, await scanSources([fileSource(path, basename(path))], exceptionsOf(folder), known));
}

/** A fingerprint of a scan that read the vault, or of one that did not. What an exception covers is found too. */
async function ofFingerprint(fingerprint: string, looked: Looked): Promise<Row[]> {
  const everything = () => '';
  const rows = [
    ...(await scanAll(looked, everything)),
    ...(await scanAll({ ...looked, known: () => [] }, everything)),
  ].filter((row) => row.fingerprint === fingerprint);
  if (rows.length > 0) return rows;
  throw new UsageError(
    `No finding has the fingerprint ${fingerprint}, in the files and the history of ${looked.folders.join(' and ')}. Was the line changed? Name the application’s folder: --app PATH`,
  );
}

async function scanAll({ folders, known }: Looked, exceptions: (folder: string) => string) {
  const all: (ScanFinding & { readonly folder: string })[] = [];
  for (const folder of folders)
    all.push(...inFolder(folder, await scanSources(everySource(folder), exceptions(folder), known)));
  return all;
}

/** The files of a folder, and everything that its history ever held. */
function* everySource(folder: string): Generator<Source> {
  yield* diskSources(folder);
  if (gitStatus(folder, ['rev-parse', '--is-inside-work-tree']) !== 0) return;
  yield* sources(folder, everyVersion(folder).versions, { incomplete: true });
  yield* everyMessage(folder);
}

function inFolder(folder: string, findings: readonly ScanFinding[]) {
  return ofValues(findings).map((finding) => ({ ...finding, folder }));
}

function exceptionsOf(folder: string): string {
  const file = join(folder, exceptionsFile);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
