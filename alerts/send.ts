import { ask, textOf } from '../services/door/ask.ts';
import { DoorError } from '../services/door/doorError.ts';
import type { SlackPayload } from './message.ts';
import { SlackRefusal } from './refusal.ts';

export interface SendOptions {
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly pauseMs: number;
  readonly onRetry: (reason: string) => void;
}

/** The refusals of a layout: the same message without one may be taken. */
const layoutRefusals: readonly string[] = ['invalid_blocks', 'invalid_blocks_format'];

/**
 * Posts a message to an incoming webhook; where Slack does not take its layout, the plain text alone. Throws a
 * {@link SlackRefusal}, or what the last attempt failed with. Errors never hold the address: it is the secret.
 */
export async function sendToWebhook(webhook: string, payload: SlackPayload, options: SendOptions): Promise<void> {
  try {
    await post(webhook, payload, options);
  } catch (error) {
    if (!(error instanceof SlackRefusal) || !layoutRefusals.includes(error.word)) throw error;
    options.onRetry(`the layout is not taken (${error.word}); sending the text alone`);
    await post(webhook, { ...payload, text: payload.plain, blocks: undefined }, options);
  }
}

async function post(
  webhook: string,
  { channel, text, blocks }: Omit<SlackPayload, 'blocks'> & { readonly blocks: SlackPayload['blocks'] | undefined },
  options: SendOptions,
): Promise<void> {
  await ask(
    {
      url: webhook,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ channel, text, blocks }),
      timeoutMs: options.timeoutMs,
    },
    {
      attempts: options.attempts,
      // A message that arrives twice is better than none.
      repeatable: true,
      pauseMs: options.pauseMs,
      longestPauseMs: 30_000,
      onRetry: (error, attempt, pause) =>
        options.onRetry(`attempt ${attempt} of ${options.attempts}: ${error.message}; next in ${pause / 1000} s`),
    },
    (answer) => {
      const text = textOf(answer);
      if (answer.status !== 200 || text.trim() !== 'ok') throw new SlackRefusal(answer.status, text);
    },
  ).catch((error: unknown) => {
    if (!(error instanceof DoorError)) throw error;
    throw new Error(`Slack: ${error.message}. Check SLACK_WEBHOOK_URL`, { cause: error });
  });
}
