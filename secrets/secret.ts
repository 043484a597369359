import { inspect } from 'node:util';

const held = new Set<string>();

/**
 * Every value that this process has had in a {@link Secret}, for what masks the words of others. Without addresses that have
 * neither a path, a query nor a user: they say where something is.
 */
export function heldValues(): string[] {
  return [...held].filter((value) => {
    if (!URL.canParse(value)) return true;
    const { pathname, search, username, password } = new URL(value);
    return pathname.length > 1 || search !== '' || username !== '' || password !== '';
  });
}

/**
 * A value from the vault that cannot be printed by accident: logging, JSON, templates and comparison with `+` all give
 * `[secret]`. {@link reveal} is the only way to the value; it is called where a value leaves this process on purpose.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    held.add(value);
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
