import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../../../machine/writeWhole.ts';
import type { StoredDeploy } from './storedDeploy.ts';

/** Uploaded bytes are kept by their digest, whatever deploy they are for: the same file is asked for once. */
function pathOf(filesDir: string, digest: string): string {
  if (!/^[A-Za-z0-9]+$/.test(digest)) throw new Error('a digest has only letters and digits');
  return join(filesDir, digest);
}

export function digestOf(kind: 'file' | 'function', body: Buffer): string {
  return createHash(kind === 'file' ? 'sha1' : 'sha256')
    .update(body)
    .digest('hex');
}

/** Stored whole or not at all. */
export function keepUpload(filesDir: string, digest: string, body: Buffer): void {
  writeWhole(pathOf(filesDir, digest), body);
}

/** The bytes of a digest that was uploaded. */
export function readUpload(filesDir: string, digest: string): Buffer {
  return readFileSync(pathOf(filesDir, digest));
}

const missing = (filesDir: string, digests: Readonly<Record<string, string>>) =>
  [...new Set(Object.values(digests))].filter((digest) => !existsSync(pathOf(filesDir, digest)));

export const missingFiles = (filesDir: string, { files }: StoredDeploy) => missing(filesDir, files);
export const missingFunctions = (filesDir: string, { functions }: StoredDeploy) => missing(filesDir, functions);
export const missingEdgeFunctions = (filesDir: string, { edge_functions: bundles }: StoredDeploy) =>
  missing(filesDir, bundles);

/** Whether everything that the deploy is made of is there. */
export function isComplete(filesDir: string, deploy: StoredDeploy): boolean {
  return [missingFiles, missingFunctions, missingEdgeFunctions].every((find) => find(filesDir, deploy).length === 0);
}
