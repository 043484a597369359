import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { exchange } from '../../services/door/door.ts';
import { archiveOf, verify, type Checksums } from './checksums.ts';
import { providerFile } from '../cache/layout.ts';
import { isBridged, type BridgedName, type PartName } from '../versions.ts';

/** Gets bytes from the network, or throws. */
export type Download = (url: string) => Promise<Uint8Array>;

/** Long enough for a slow answer, short enough that a machine without a way out goes on quickly. */
const ANSWER_MS = 5_000;
/** For the archive itself (Pulumi's has about 200 MB), once the answer has begun. */
const ARCHIVE_MS = 10 * 60_000;

/** More than the largest archive has, in bytes. */
const ARCHIVE_BYTES = 512 * 1024 * 1024;

/** Downloads through the door, which follows redirects and knows proxies; what arrives is trusted by its checksum alone. */
export const download: Download = async (url) => {
  const limits = { timeoutMs: ARCHIVE_MS, answerMs: ANSWER_MS, limitBytes: ARCHIVE_BYTES };
  const { status, body } = await exchange({ url, follow: true, ...limits });
  if (status === 200) return body;
  throw new Error(`${url} answered ${status}`);
};

/** Downloads a part's official archive, holds it to the kept checksum, and unpacks it into `folder`. */
export async function installOfficial(
  part: PartName,
  { get, checksums, folder }: { readonly get: Download; readonly checksums: Checksums; readonly folder: string },
): Promise<void> {
  const archive = archiveOf(part);
  const bytes = await get(archive.url);
  verify(archive, bytes, checksums);
  if (isBridged(part)) placeProvider(part, bytes, folder);
  else await untar(bytes, join(folder, basename(archive.url)));
}

/** Unpacks an archive beside the place where it is put for that long. */
async function untar(bytes: Uint8Array, file: string): Promise<void> {
  writeFileSync(file, bytes);
  await promisify(execFile)('tar', ['-xf', file, '-C', dirname(file)], { env: childEnvironment('local') });
  rmSync(file);
}

/** Puts a provider where the bridge finds it, in a folder of the bridge's downloads. */
function placeProvider(name: BridgedName, zip: Uint8Array, folder: string): void {
  const file = providerFile(folder, name);
  const program = unzipSync(zip, { filter: (entry) => entry.name === basename(file) })[basename(file)];
  if (program === undefined) throw new Error(`The archive of the provider ${name} has no ${basename(file)}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, program);
  chmodSync(file, 0o755);
}
