/** Requests a minute that Netlify grants to a token. */
const granted = 500;
const minute = 60_000;

/** Counts requests by token and minute; refuses only when a limit is enforced. */
export class RateLimit {
  readonly #enforced: number | undefined;
  readonly #used = new Map<string, { window: number; count: number }>();

  /** `enforced`: after how many requests a minute to refuse. */
  constructor(enforced: number | undefined) {
    this.#enforced = enforced;
  }

  /** Counts a request: the headers of its reply, and whether it is one too many. */
  take(token: string): { headers: Record<string, string>; exceeded: boolean } {
    const window = Math.floor(Date.now() / minute);
    const before = this.#used.get(token);
    const count = before?.window === window ? before.count + 1 : 1;
    this.#used.set(token, { window, count });
    const limit = this.#enforced ?? granted;
    return {
      headers: {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - count)),
        'x-ratelimit-reset': String(((window + 1) * minute) / 1000),
      },
      exceeded: this.#enforced !== undefined && count > this.#enforced,
    };
  }
}
