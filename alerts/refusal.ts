/** What Slack's refusals mean, and what to do, by the word that it answers. */
const refusals: Readonly<Record<string, string>> = {
  no_service: 'the webhook was removed, or never existed. Make a new one and set SLACK_WEBHOOK_URL',
  no_service_id: 'the address is not whole. Copy SLACK_WEBHOOK_URL from Slack again',
  no_active_hooks: 'the webhook was switched off. Switch it on in Slack, or make a new one and set SLACK_WEBHOOK_URL',
  invalid_token: 'the webhook was revoked, or its address is mistyped. Make a new one and set SLACK_WEBHOOK_URL',
  no_team: 'the workspace does not exist. Copy SLACK_WEBHOOK_URL from Slack again',
  team_disabled: 'the workspace was switched off. Use a webhook of a living one',
  channel_is_archived: 'the channel is archived. Bring it back, or bind a new webhook to a living one',
  channel_not_found: 'the channel does not exist. Correct --channel or SLACK_ALERTS_CHANNEL, or bind a new webhook',
  user_not_found: 'the user of --channel or SLACK_ALERTS_CHANNEL does not exist. Correct it',
  action_prohibited: 'the workspace does not let this webhook post there. Ask its administrator to allow it',
  posting_to_general_channel_denied: 'only some people may post to that channel. Use another one',
  invalid_payload: 'Slack cannot read the message. Report this, with the output of --dry-run',
  invalid_blocks: 'Slack does not take the layout of the message. Report this, with the output of --dry-run',
  invalid_blocks_format: 'Slack does not take the layout of the message. Report this, with the output of --dry-run',
  no_text: 'the message has no text. Give --title and --text',
  too_many_attachments: 'the message has too many parts. Shorten it',
};

/** Slack answered that it does not take the message. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal';
  /** The word that Slack answered, such as `no_service`; empty when it was none. */
  readonly word: string;

  constructor(status: number, answer: string) {
    const text = answer.trim();
    // Slack's answers are words like these; anything else (a proxy's page, an object) is not repeated.
    const word = /^[a-z_]{3,60}$/.test(text) ? text : '';
    const meaning = refusals[word] ?? 'this is not an answer of an incoming webhook. Check SLACK_WEBHOOK_URL';
    super(`Slack refused the message (${status}${word === '' ? '' : ` ${word}`}): ${meaning}.`);
    this.word = word;
  }
}

/** What is wrong with a webhook's address, if it can be seen; never the address itself, which is the secret. */
export function webhookProblem(webhook: string | undefined): string | undefined {
  const copy = 'Make an incoming webhook in Slack (app → Incoming Webhooks), and set SLACK_WEBHOOK_URL';
  if (webhook === undefined || webhook.trim() === '') {
    return `SLACK_WEBHOOK_URL is missing. Set it as an Actions secret (Settings → Secrets and variables → Actions) or in your shell`;
  }
  const url = URL.canParse(webhook.trim()) ? new URL(webhook.trim()) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return `SLACK_WEBHOOK_URL is no URL. ${copy}`;
  const [, first] = url.pathname.split('/');
  if (first === 'triggers' || first === 'workflows') {
    return `SLACK_WEBHOOK_URL starts a workflow of Slack's Workflow Builder: it takes that workflow's variables, and no message. ${copy}`;
  }
  return undefined;
}

/** Whether an address has the form of Slack's own webhooks. A proxy's, or another chat's, may have any other. */
export function isSlackWebhook(webhook: string): boolean {
  const [, first, ...parts] = new URL(webhook.trim()).pathname.split('/');
  return first === 'services' && parts.length === 3 && parts.every((part) => part !== '');
}
