import type { Through } from '../../rotation/services.ts';

/** A request of a run: the step that made it, and what it asks. */
export interface Asked {
  readonly step: string;
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

/** Where a run is killed: before the service acts, or after it. */
export type Moments = (asked: Asked) => 'before' | 'after' | undefined;

interface Left {
  /** The journal at that moment. */
  readonly journal: string | undefined;
}

const forEver = () => new Promise<never>(() => undefined);

/** Ends a run of this process as a kill would: from one request on, nothing that it asks is answered. */
export class Killing {
  #at: Moments = () => undefined;
  #step = 'begin';
  #journal: () => string | undefined = () => undefined;
  #left: Left | undefined;
  #killed: (left: Left) => void = () => undefined;

  /** Waits for the run that comes next; `heard` gets what it says. */
  arm(at: Moments, journal: () => string | undefined) {
    this.#at = at;
    this.#step = 'begin';
    this.#journal = journal;
    this.#left = undefined;
    const { promise: killed, resolve } = Promise.withResolvers<Left>();
    this.#killed = resolve;
    const heard = (line: string) => {
      this.#step = /^\d+\/\d+ ([\w-]+):/.exec(line)?.[1] ?? this.#step;
    };
    return { killed, heard };
  }

  /** What becomes of a request. */
  readonly through: Through = async (service, { method, path }, answer) => {
    if (this.#left !== undefined) return this.#ends(this.#left);
    // Within the engine: test/night/engine/rotateKilled.
    if (service.name === 'hosting') return answer();
    const isVault = service.name === 'onepassword';
    // The vault's client waits for its own answers whatever happens: a run is killed when it has them.
    if (isVault && method !== 'PATCH') return answer();
    const moment = this.#at({ step: this.#step, service: service.name, method, path });
    if (moment === 'before') return this.#ends({ journal: this.#journal() });
    const reply = await answer();
    if (moment !== 'after') return reply;
    const left = { journal: this.#journal() };
    if (!isVault) return this.#ends(left);
    this.#left = left;
    return reply;
  };

  #ends(left: Left): Promise<never> {
    this.#at = () => undefined;
    this.#left = undefined;
    this.#killed(left);
    return forEver();
  }
}
