import { readFileSync } from 'node:fs';
import { writeWhole } from '../../machine/writeWhole.ts';

/** A stand-in's state on disk: read once, written whole before the reply that reports the change. */
export class Store<State> {
  readonly #file: string;
  readonly #initial: () => State;
  #state: State | undefined;

  /** `initial` makes the state of a file that does not exist yet. */
  constructor(file: string, initial: () => State) {
    this.#file = file;
    this.#initial = initial;
  }

  /** The current state; do not change it in place, use {@link update}. */
  get state(): State {
    this.#state ??= this.#load();
    return this.#state;
  }

  /** Applies `change` and writes the result before it returns. */
  update<Result>(change: (state: State) => Result): Result {
    const result = change(this.state);
    this.#save();
    return result;
  }

  #load(): State {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8')) as State;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#state = this.#initial();
      this.#save();
      return this.#state;
    }
  }

  #save(): void {
    writeWhole(this.#file, JSON.stringify(this.#state, undefined, 1), 0o600);
  }
}
