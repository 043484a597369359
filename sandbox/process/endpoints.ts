import { readFileSync } from 'node:fs';
import { writeWhole } from '../../machine/writeWhole.ts';
import { sandboxPaths } from './paths.ts';
import type { ServiceName } from '../standIns/all.ts';

/** The address of each stand-in: `http://127.0.0.1:PORT`, without a slash at the end. */
export type Endpoints = Readonly<Record<ServiceName, string>>;

/** What `endpoints.json` says. It outlives the process, so that the next one takes the same ports again. */
export interface EndpointsFile {
  readonly pid: number;
  /** Of the daemon's control endpoint. */
  readonly control: string;
  readonly services: Endpoints;
}

/** The addresses of the running daemon, or of the last one; `undefined` when there was none or the file is damaged. */
export function readEndpoints(dir: string): EndpointsFile | undefined {
  try {
    return JSON.parse(readFileSync(sandboxPaths(dir).endpoints, 'utf8')) as EndpointsFile;
  } catch {
    return undefined;
  }
}

/** Replaces the file whole: a reader sees the old addresses or the new ones. */
export function writeEndpoints(dir: string, content: EndpointsFile): void {
  writeWhole(sandboxPaths(dir).endpoints, `${JSON.stringify(content, undefined, 2)}\n`, 0o600);
}

/** The port of an address; 0 (a free one) when there is none. */
export function portOf(address: string | undefined): number {
  return Number(address === undefined ? 0 : new URL(address).port);
}
