import { readFileSync } from 'node:fs';
import type { ApplicationState } from '../../application/layApplication.ts';
import { readEndpoints } from '../../process/endpoints.ts';
import type { RealNames } from '../internet/realNames.ts';
import type { ListedField } from '../onepassword/editor.ts';
import { sandboxPaths } from '../../process/paths.ts';
import type { Fault } from '../../server/faults.ts';
import type { Seed } from './service.ts';

/** A rule in force and what it has done so far. */
export interface ListedFault {
  readonly fault: Fault;
  readonly seen: number;
  readonly done: number;
}

/** The daemon as other processes steer it. */
export class Control {
  readonly #address: string;
  readonly #token: string;

  constructor(address: string, token: string) {
    this.#address = address;
    this.#token = token;
  }

  health = () => this.#call<{ readonly build: string; readonly pid: number }>('GET', '/health', undefined, 2000);
  faults = () => this.#call<ListedFault[]>('GET', '/faults');
  setFaults = (faults: readonly Fault[]) => this.#call<null>('PUT', '/faults', faults);
  addFault = (fault: Fault) => this.#call<null>('POST', '/faults', fault);
  exchanges = () => this.#call<unknown[]>('GET', '/exchanges');
  vault = () => this.#call<ListedField[]>('GET', '/vault');
  setValue = (label: string, value: string) => this.#call<null>('POST', '/vault/set', { label, value });
  rotate = (label: string) => this.#call<null>('POST', '/vault/rotate', { label });
  remove = (label: string) => this.#call<null>('POST', '/vault/remove', { label });
  /** Makes up the values of references that the vault does not have; which ones. */
  provide = (references: readonly string[]) => this.#call<string[]>('POST', '/vault/provide', { references });
  /** Makes these kinds of drift. */
  breakIt = (kinds: readonly string[]) => this.#call<null>('POST', '/break', { kinds });
  seed = (seed: Seed) => this.#call<null>('POST', '/seed', seed);
  /** Opens the way to the stand-ins under the vendors' names. */
  realNames = () => this.#call<RealNames>('POST', '/names');
  /** Deploys the team's last commits to staging, unless that was done before; whether it did. */
  firstDeploys = () => this.#call<boolean>('POST', '/deploy', undefined, 120_000);
  useApplication = (state: ApplicationState) => this.#call<null>('POST', '/application', { state });
  reset = () => this.#call<null>('POST', '/reset');
  shutdown = () => this.#call<null>('POST', '/shutdown');

  async #call<Result>(method: string, path: string, body?: unknown, timeoutMs = 30_000): Promise<Result> {
    const response = await fetch(`${this.#address}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error((answer as { error?: string }).error ?? `The sandbox says ${response.status}.`);
    return answer as Result;
  }
}

/** The running daemon of a folder; `undefined` when none answers there. */
export async function connect(dir: string): Promise<{ control: Control; build: string; pid: number } | undefined> {
  const endpoints = readEndpoints(dir);
  if (!endpoints) return undefined;
  try {
    const token = readFileSync(sandboxPaths(dir).controlToken, 'utf8');
    const control = new Control(endpoints.control, token);
    return { control, ...(await control.health()) };
  } catch {
    // No token, no answer, another program on that port, or it hangs: none that could be steered.
    return undefined;
  }
}
