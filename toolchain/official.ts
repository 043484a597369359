import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ToolchainError } from './toolchain.ts';
import { NETLIFY_ADDRESS, VERSIONS } from './versions.ts';

/** Gets bytes from the network, or throws. */
export type Download = (url: string, timeoutMs: number) => Promise<Uint8Array>;

/** Long enough for a slow answer, short enough that a machine without a way out goes on quickly. */
const PROBE_MS = 3_000;
/** For the archive itself (about 200 MB), once its checksum has arrived. */
const ARCHIVE_MS = 10 * 60_000;

const RELEASE = `https://github.com/pulumi/pulumi/releases/download/v${VERSIONS.pulumi}`;

/** Downloads by fetch, which knows redirects; the time-out covers the body too. */
export const download: Download = async (url, timeoutMs) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** The name of the CLI's official archive for this machine. */
export function archiveName(platform: NodeJS.Platform = process.platform, arch: string = process.arch): string {
  const system = platform === 'win32' ? 'windows' : platform;
  return `pulumi-v${VERSIONS.pulumi}-${system}-${arch}.${platform === 'win32' ? 'zip' : 'tar.gz'}`;
}

/** The SHA-256 of the CLI's archive as its release states it. Doubles as the probe whether the release can be reached. */
export async function expectedChecksum(get: Download): Promise<string> {
  const list = new TextDecoder().decode(await get(`${RELEASE}/pulumi-${VERSIONS.pulumi}-checksums.txt`, PROBE_MS));
  const name = archiveName();
  for (const line of list.split('\n')) {
    const [sum, file] = line.trim().split(/\s+/);
    if (file?.replace(/^[*./]+/, '') === name && sum !== undefined && /^[0-9a-f]{64}$/.test(sum)) return sum;
  }
  throw new Error(`The release's checksums do not list ${name}`);
}

/** Downloads the official CLI with its language hosts, checks it, and unpacks it into `folder`/pulumi. */
export async function installCli(get: Download, folder: string): Promise<void> {
  const expected = await expectedChecksum(get);
  const archive = await get(`${RELEASE}/${archiveName()}`, ARCHIVE_MS);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected) {
    throw new ToolchainError(
      `The downloaded ${archiveName()} has the checksum ${actual}; its release says ${expected}.`,
      'Something between here and github.com changes downloads. Use STAGING_TOOLCHAIN=source, or install Pulumi yourself.',
    );
  }
  const file = join(folder, archiveName());
  writeFileSync(file, archive);
  await promisify(execFile)('tar', ['-xf', file, '-C', folder]);
  rmSync(file);
}

/** Throws unless Netlify's provider can be had from its registry, which is where the bridge gets it. */
export async function probeNetlify(get: Download): Promise<void> {
  const [host, ...path] = NETLIFY_ADDRESS.split('/');
  const listing = new TextDecoder().decode(
    await get(`https://${host}/v1/providers/${path.join('/')}/versions`, PROBE_MS),
  );
  if (!listing.includes(`"${VERSIONS.netlify}"`))
    throw new Error(`${NETLIFY_ADDRESS} ${VERSIONS.netlify} is not listed`);
}
