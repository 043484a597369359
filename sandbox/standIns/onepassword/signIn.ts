import { timingSafeEqual } from 'node:crypto';
import { jsonBody, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import { type Account, credentials, secretKeyId, userAuth } from './account.ts';
import { fromBase64url, newUuid } from './encoding.ts';
import { answerExchange, type Exchange } from './srp.ts';

interface Session {
  exchange?: Exchange;
  /** The key of the envelopes; present once the client has proved itself. */
  key?: Buffer;
}

const sessionHeader = 'x-agilebits-session-id';
const most = 1000;

/** The three steps that lead to a session, and the sessions. They live in memory: a restart signs everybody out. */
export class SignIn {
  readonly #sessions = new Map<string, Session>();
  readonly #account: () => Account;

  constructor(account: () => Account) {
    this.#account = account;
  }

  /** The key of the session that the request belongs to, once signed in. */
  keyOf(request: ServiceRequest): { readonly id: string; readonly key: Buffer } | undefined {
    const id = request.headers[sessionHeader] ?? '';
    const key = this.#sessions.get(id)?.key;
    return key && { id, key };
  }

  /** Answers a request of the sign-in; `undefined` when it is none. */
  handle(request: ServiceRequest): ServiceReply | undefined {
    if (request.method !== 'POST') return undefined;
    if (request.path === '/api/v3/auth/start') return this.#start(request);
    if (request.path === '/api/v2/auth') return this.#exchange(request);
    if (request.path === '/api/v2/auth/confirm-key') return this.#confirm(request);
    return undefined;
  }

  #start(request: ServiceRequest): ServiceReply {
    const account = this.#account();
    const { email, skid } = text(request, 'email', 'skid');
    if (email !== account.email || skid !== secretKeyId(account)) return refused;
    const sessionID = newUuid().toUpperCase();
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= most && oldest !== undefined) this.#sessions.delete(oldest);
    this.#sessions.set(sessionID, {});
    const accountKey = { accountKeyFormat: 'A3', accountKeyUuid: secretKeyId(account) };
    return { status: 200, body: { status: 'ok', sessionID, ...accountKey, userAuth: userAuth(account) } };
  }

  #exchange(request: ServiceRequest): ServiceReply {
    const session = this.#sessions.get(request.headers[sessionHeader] ?? '');
    const exchange = answerExchange(credentials(this.#account()), text(request, 'userA').userA);
    if (!session || !exchange) return refused;
    session.exchange = exchange;
    return { status: 200, body: { userB: exchange.userB } };
  }

  #confirm(request: ServiceRequest): ServiceReply {
    const session = this.#sessions.get(request.headers[sessionHeader] ?? '');
    const proof = fromBase64url(text(request, 'clientVerifyHash').clientVerifyHash);
    const expected = session?.exchange?.clientProof;
    if (!session?.exchange || proof.length !== expected?.length || !timingSafeEqual(proof, expected)) return refused;
    session.key = session.exchange.sessionKey;
    return { status: 200, body: { serverVerifyHash: session.exchange.serverProof } };
  }
}

/** What a request without a session, or with a wrong token, gets. */
export const refused: ServiceReply = { status: 401, body: {} };

/** The named members of a JSON body as text; empty where they are missing. */
function text<Name extends string>(request: ServiceRequest, ...names: Name[]): Record<Name, string> {
  const body = jsonBody(request) as Record<string, unknown> | null | undefined;
  const entries = names.map((name) => [name, typeof body?.[name] === 'string' ? body[name] : '']);
  return Object.fromEntries(entries) as Record<Name, string>;
}
