import { ask, textOf } from '../../../services/door/ask.ts';
import { DoorError } from '../../../services/door/doorError.ts';
import { TransientError } from '../../../services/door/retry.ts';
import { CheckFailure } from '../check.ts';
import type { Target } from '../target.ts';

/** What the site answers to one request. */
export interface SiteAnswer {
  readonly status: number;
  readonly text: string;
  /** Its content type; empty when it has none. */
  readonly type: string;
}

/**
 * Asks the site. What may pass by itself is a {@link TransientError}, any other answer but 200 a {@link CheckFailure}: a
 * redirect too, for what answers elsewhere is not the site.
 */
export async function readSite(address: string, target: Pick<Target, 'timeoutMs'>): Promise<SiteAnswer> {
  const { pathname } = new URL(address);
  const headers = { 'cache-control': 'no-cache' };
  try {
    return await ask({ url: address, timeoutMs: target.timeoutMs, headers }, {}, (answer) => {
      const { status } = answer;
      if (status !== 200) throw new CheckFailure('bad-answer', `${pathname} answers ${status}`);
      return { status, text: textOf(answer), type: answer.headers.get('content-type') ?? '' };
    });
  } catch (error) {
    if (error instanceof DoorError) throw new CheckFailure('bad-answer', `${pathname}: ${error.message}`);
    if (!(error instanceof TransientError) || error.answer === undefined) throw error;
    const { status } = error.answer;
    const hint = status === 500 ? ' (as a rule a value that it needs is missing in this deploy’s context)' : '';
    throw new TransientError(`${pathname} answers ${status}${hint}`, error.afterMs);
  }
}
