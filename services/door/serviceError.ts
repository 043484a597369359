import { DoorError, type Trouble } from './doorError.ts';
import { longestPauseMs } from './ask.ts';
import { TransientError } from './retry.ts';
import type { Incoming } from './door.ts';

/**
 * What went wrong with a call: an answer of another status than wanted (`plan`: the vendor wants to be paid for it), no
 * token to call with, the door's trouble, or an answer of no use: no JSON, or JSON of another form (`form`).
 */
export type ServiceErrorKind = 'status' | 'no-token' | 'rate-limit' | 'plan' | 'not-json' | 'form' | Trouble;

/** A vendor's API answered with an error, or not at all. Names the call and the fix; never a header or a body. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly kind: ServiceErrorKind;
  /** The `message` of the vendor's answer. Never part of this error's own message: who shows it masks what it may hold. */
  readonly vendorMessage: string | undefined;

  constructor(message: string, status: number, kind: ServiceErrorKind = 'status', vendorMessage?: string) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.vendorMessage = vendorMessage;
  }
}

/**
 * Whether a vendor has answered one of these statuses for another reason than that it was asked too often: GitHub says that
 * by a 403, too, which says nothing of what a token may.
 */
export function isAnswer(error: unknown, ...statuses: readonly number[]): error is ServiceError {
  return error instanceof ServiceError && error.kind !== 'rate-limit' && statuses.includes(error.status);
}

/** What the errors of one vendor's API mean to the person who runs the command. */
export interface Advice {
  /** As in messages: `Netlify`. */
  readonly vendor: string;
  /** What to do about a 401 or 403. */
  readonly accessFix: string;
  /** The variable that says where the API is: what to correct when it is elsewhere. */
  readonly addressSetting?: string;
  /** Says where the thing of a call is now and which setting to correct, from the address that a redirect names. */
  readonly moved?: (location: URL) => Promise<string | undefined>;
  /** What to do where the vendor refuses for the account's plan, not for the token; by its status and `message`. */
  readonly planFix?: (status: number, message: string) => string | undefined;
}

/** An answer that is not what the call wants. */
export class Refused extends Error {
  readonly answer: Incoming;

  constructor(answer: Incoming) {
    super(`status ${answer.status}`);
    this.answer = answer;
  }
}

/** An answer of another form than this project knows, by the members that are missing or of another type. */
export class OtherForm extends Error {
  readonly members: readonly string[];

  constructor(members: readonly string[]) {
    super('another form');
    this.members = members;
  }
}

type CallFailure = TransientError | DoorError | Refused | OtherForm;

/** Whether an error is one of those that {@link serviceError} explains. */
export function isCallFailure(error: unknown): error is CallFailure {
  return [TransientError, DoorError, Refused, OtherForm].some((kind) => error instanceof kind);
}

interface Failure {
  readonly kind: ServiceErrorKind;
  readonly status: number;
  readonly reason: string;
  readonly afterMs?: number | undefined;
  readonly location?: URL | undefined;
  readonly vendorMessage?: string | undefined;
}

/** The error of a failed call, `what` being its method and path. */
export async function serviceError(advice: Advice, what: string, error: CallFailure): Promise<ServiceError> {
  const failure = failureOf(error);
  const { status, reason, vendorMessage } = failure;
  const planFix = failure.kind === 'status' ? advice.planFix?.(status, vendorMessage ?? '') : undefined;
  const kind = planFix === undefined ? failure.kind : 'plan';
  const fix = planFix ?? (await fixOf(advice, failure));
  return new ServiceError(`${advice.vendor} ${what}: ${reason}. ${fix}`, status, kind, vendorMessage);
}

function failureOf(error: CallFailure): Failure {
  if (error instanceof OtherForm) {
    return { kind: 'form', status: 0, reason: `the answer has another form (${error.members.slice(0, 3).join(', ')})` };
  }
  const { answer } = error instanceof DoorError ? {} : error;
  if (answer && answer.status >= 200 && answer.status < 300) {
    return { kind: 'not-json', status: 0, reason: 'the answer is not JSON' };
  }
  if (answer) {
    const { status, statusText, body } = answer;
    const transient = error instanceof TransientError ? error : undefined;
    return {
      kind: transient?.isRateLimit === true ? 'rate-limit' : 'status',
      status,
      reason: `${status} ${statusText}`.trim(),
      afterMs: transient?.afterMs,
      vendorMessage: messageIn(body),
    };
  }
  const { cause = error } = error;
  if (!(cause instanceof DoorError)) throw error;
  const { trouble: kind, message: reason, redirect } = cause;
  return { kind, status: redirect?.status ?? 0, reason, location: redirect?.location };
}

function messageIn(body: Uint8Array): string | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof json !== 'object' || json === null || !('message' in json)) return undefined;
    return typeof json.message === 'string' ? json.message : undefined;
  } catch {
    return undefined;
  }
}

async function fixOf(advice: Advice, { kind, status, afterMs, location }: Failure): Promise<string> {
  const { vendor, addressSetting = 'the address', accessFix } = advice;
  const again = 'Run it again; if it stays, look at the vendor’s status page.';
  const address = `Correct ${addressSetting}`;
  const otherServer = `That is not what ${vendor} answers. ${address}, if it is another server’s`;
  switch (kind) {
    case 'rate-limit':
      return `The rate limit is reached: ${whenFree(afterMs)}, then run it again.`;
    case 'redirect': {
      const moved = location === undefined ? undefined : await advice.moved?.(location).catch(() => undefined);
      return moved ?? `What it asks for has moved. ${address} or the name in Pulumi.staging.yaml.`;
    }
    case 'unchecked':
      return 'Nothing was sent.';
    case 'no-tls':
      return `${address} to one that begins with https://.`;
    case 'too-large':
      return `${otherServer}.`;
    case 'form':
      return `${otherServer}, or a proxy’s; else ${vendor} has changed its API.`;
    case 'not-json':
      return `${again} A proxy or a sign-in page may answer in its place.`;
    case 'status':
      return fixOfStatus(status, accessFix, again);
    default:
      return again;
  }
}

function fixOfStatus(status: number, accessFix: string, otherwise: string): string {
  if (status === 401 || status === 403) return accessFix;
  if (status === 404) return 'Check the names in Pulumi.staging.yaml, and that the token may see them.';
  if (status === 409) return 'Something else changes the same thing, or it is there already: run it again.';
  return otherwise;
}

function whenFree(afterMs: number | undefined, now = Date.now()): string {
  if (afterMs === undefined || afterMs <= longestPauseMs) return 'wait a minute';
  return `wait until ${new Date(now + afterMs).toISOString().slice(0, 19)}Z (${Math.ceil(afterMs / 60_000)} min)`;
}
