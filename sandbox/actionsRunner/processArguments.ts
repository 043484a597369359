import { readdirSync, readFileSync } from 'node:fs';

function read(id: string, what: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${id}/${what}`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile, or is another user's
  }
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // a system without /proc
  }
}

/** Searches for secrets where every user of a machine can read them: in the arguments of its processes. */
export class ProcessArguments {
  readonly #mark: string;
  readonly #secrets: readonly (readonly [name: string, value: string])[];
  readonly #found = new Set<string>();

  /** `mark` is a part of the environment (`NAME=value`) by which the processes that count are known. */
  constructor(mark: string, secrets: Readonly<Record<string, string>>) {
    this.#mark = mark;
    this.#secrets = Object.entries(secrets).filter(([, value]) => value !== '');
  }

  /** Names of the secrets that were seen so far. */
  get found(): readonly string[] {
    return [...this.#found];
  }

  /** Searches once. */
  look(): void {
    for (const id of processes()) {
      const line = read(id, 'cmdline');
      const seen = this.#secrets.filter(([, value]) => line.includes(value));
      if (seen.length === 0 || !read(id, 'environ').includes(this.#mark)) continue;
      for (const [name] of seen) this.#found.add(name);
    }
  }

  /** Searches again and again while `work` goes on. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    const timer = setInterval(() => this.look(), 50);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  }
}
