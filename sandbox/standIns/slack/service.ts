import { join } from 'node:path';
import { jsonBody, type Service, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import { Store } from '../../server/store.ts';

/** A message as the channel received it. */
export interface SlackMessage {
  /** ISO 8601. */
  readonly time: string;
  readonly channel: string;
  /** The channel that the sender asked for: an app's webhook posts to its own all the same. */
  readonly wanted?: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
}

interface State {
  readonly messages: SlackMessage[];
  /** What every message is refused with, as the webhook's owner brought about (an archived channel, a removed hook). */
  refusal?: SlackRefusal | undefined;
}

/** A refusal in Slack's words, with the status that Slack gives it. */
interface SlackRefusal {
  readonly status: number;
  readonly word: string;
}

export interface SlackOptions {
  readonly stateDir: string;
  /** The path of the one webhook that exists: `/services/T…/B…/…`, the part of the URL that is a secret. */
  readonly webhookPath: string | (() => string);
  /** The channel that the webhook is bound to. Default `#deployments`. */
  readonly channel?: string;
}

/** The stand-in, and what its channel has received. */
export interface SlackService extends Service {
  readonly messages: () => readonly SlackMessage[];
  /** From now on every message is refused so; taken again without one. */
  readonly refuse: (refusal: SlackRefusal | undefined) => void;
}

/** Slack's own limits on a message: 50 blocks, 3,000 characters in a text object, 150 in a header. */
function invalid(blocks: readonly unknown[]): boolean {
  if (blocks.length > 50) return true;
  return blocks.some((block) => {
    const { type, text } = block as { type?: unknown; text?: { text?: unknown } };
    if (typeof type !== 'string') return true;
    const length = typeof text?.text === 'string' ? text.text.length : 0;
    return (type === 'header' && length > 150) || length > 3000 || (text !== undefined && length === 0);
  });
}

function deliver(store: Store<State>, channel: string, request: ServiceRequest): ServiceReply {
  const body = jsonBody(request) as { text?: unknown; blocks?: unknown; channel?: unknown } | undefined;
  const text = typeof body?.text === 'string' ? body.text : '';
  const blocks = Array.isArray(body?.blocks) ? (body.blocks as unknown[]) : [];
  if (body === undefined) return { status: 400, body: 'invalid_payload' };
  const { refusal } = store.state;
  const layoutOnly = refusal?.word.startsWith('invalid_blocks') === true && blocks.length === 0;
  if (refusal && !layoutOnly) return { status: refusal.status, body: refusal.word };
  if (text === '' && blocks.length === 0) return { status: 400, body: 'no_text' };
  if (invalid(blocks)) return { status: 400, body: 'invalid_blocks' };
  const wanted = typeof body.channel === 'string' ? { wanted: body.channel } : {};
  store.update(({ messages }) => messages.push({ time: new Date().toISOString(), channel, ...wanted, text, blocks }));
  return { status: 200, body: 'ok', effects: [`message ${channel}`] };
}

/** Slack's incoming webhook on loopback: keeps what it is sent; `GET /messages` shows it to people and tests. */
export function createSlack(options: SlackOptions): SlackService {
  const store = new Store<State>(join(options.stateDir, 'slack.json'), () => ({ messages: [] }));
  const channel = options.channel ?? '#deployments';
  return {
    name: 'slack',
    messages: () => store.state.messages,
    refuse: (refusal) => store.update((state) => (state.refusal = refusal)),
    loggedPath: (path) => (path.startsWith('/services/') ? '/services/…' : path),
    handle(request) {
      const webhook = typeof options.webhookPath === 'function' ? options.webhookPath() : options.webhookPath;
      if (request.method === 'GET' && request.path === '/messages') return { status: 200, body: store.state.messages };
      if (!request.path.startsWith('/services/')) return { status: 404, body: 'no_service' };
      if (request.path !== webhook) return { status: 403, body: 'invalid_token' };
      return request.method === 'POST' ? deliver(store, channel, request) : { status: 405, body: 'method_not_allowed' };
    },
  };
}
