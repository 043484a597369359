import { inspect } from 'node:util';

/**
 * A value from the vault that cannot be printed by accident: logging, JSON, templates and comparison with `+` all give
 * `[secret]`. {@link reveal} is the only way to the value; it is called where a value leaves this process on purpose.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
