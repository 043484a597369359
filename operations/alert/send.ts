import { fetchWhole, retry } from '../retry.ts';
import type { SlackPayload } from './message.ts';

export interface SendOptions {
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly pauseMs: number;
  readonly onRetry: (reason: string) => void;
}

/** What Slack's refusals mean, and what to do. */
const refusals: Readonly<Record<string, string>> = {
  invalid_token: 'the webhook was revoked: make a new one in Slack and set SLACK_WEBHOOK_URL',
  no_service: 'the webhook does not exist: check SLACK_WEBHOOK_URL',
  channel_is_archived: 'the channel is archived: bind the webhook to a living one',
  channel_not_found: 'the channel is gone: bind the webhook to a living one',
};

/** Posts a message to an incoming webhook. Errors never hold the address: it is the secret. */
export async function sendToWebhook(webhook: string, payload: SlackPayload, options: SendOptions): Promise<void> {
  await retry(
    {
      attempts: options.attempts,
      pauseMs: options.pauseMs,
      longestPauseMs: 30_000,
      onRetry: (error, attempt, pause) =>
        options.onRetry(`attempt ${attempt} of ${options.attempts}: ${error.message}; next in ${pause / 1000} s`),
    },
    async () => {
      const answer = await fetchWhole(webhook, options.timeoutMs, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(payload),
        redirect: 'error',
      });
      if (answer.status === 200) return;
      const word = answer.text.trim().slice(0, 60);
      throw new Error(
        `Slack refused the message (${answer.status} ${word}): ${refusals[word] ?? 'see its webhook documentation'}`,
      );
    },
  );
}
