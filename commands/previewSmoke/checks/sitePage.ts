import { exchange } from '../../../services/door/door.ts';
import { DoorError } from '../../../services/door/doorError.ts';
import { isTransientStatus, rateLimitOf, TransientError } from '../../../services/door/patience.ts';
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
  let answer;
  try {
    answer = await exchange({ url: address, timeoutMs: target.timeoutMs, headers });
  } catch (error) {
    if (!(error instanceof DoorError)) throw error;
    if (error.mayPass) throw new TransientError(error.message, undefined, { cause: error });
    throw new CheckFailure('bad-answer', `${pathname}: ${error.message}`);
  }
  const { status } = answer;
  const limit = rateLimitOf(status, answer.headers);
  if (limit || isTransientStatus(status)) {
    const hint = status === 500 ? ' (as a rule a value that it needs is missing in this deploy’s context)' : '';
    throw new TransientError(`${pathname} answers ${status}${hint}`, limit?.afterMs);
  }
  if (status !== 200) throw new CheckFailure('bad-answer', `${pathname} answers ${status}`);
  return { status, text: new TextDecoder().decode(answer.body), type: answer.headers.get('content-type') ?? '' };
}
