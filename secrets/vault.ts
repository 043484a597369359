import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ResolveAllResponse } from '@1password/sdk';
import { timeLimitMs } from '../machine/decimal.ts';
import { isSafeTransport, uncheckedCertificates } from '../machine/safeTransport.ts';
import { useProxyOfEnvironment } from '../services/door/proxy.ts';
import { itemsOfTitle } from './sameTitle.ts';
import { Secret } from './secret.ts';
import type { VaultAccess } from './vaultAccess.ts';
import { explain, explainFailure, VaultError, type Failure, type VaultProblem } from './vaultError.ts';
import { counted } from '../machine/counted.ts';

/** A reference and who wants it, for the error that names both. */
export interface Wanted {
  readonly reference: string;
  readonly wantedBy: string;
}

/** How long the vault may take, in milliseconds: sign-in and one batched read. `STAGING_VAULT_TIMEOUT` (seconds) overrides it. */
function vaultTimeoutMs(): number {
  return timeLimitMs('STAGING_VAULT_TIMEOUT', 30_000);
}

/**
 * Reads every reference once, in one batch, and yields a {@link Secret} for each.
 * Throws a {@link VaultError} that names all failing references; it never yields a part.
 */
export async function resolveReferences(
  access: Exclude<VaultAccess, { kind: 'none' }>,
  wanted: readonly Wanted[],
  timeoutMs: number = vaultTimeoutMs(),
): Promise<ReadonlyMap<string, Secret>> {
  const byReference = groupByReference(wanted);
  const references = [...byReference.keys()];
  if (references.length === 0) return new Map();
  const everyOne = (reason: Failure) => failure(byReference, references, reason);
  const { responses, sameTitle } = await withTimeout(() => readAll(access, references), timeoutMs).catch(
    (error: unknown) => {
      if (error instanceof VaultError) throw error;
      throw everyOne(error instanceof VaultTimeout ? timeoutReason(timeoutMs) : explainFailure(error));
    },
  );
  const problems: VaultProblem[] = [];
  const secrets = new Map<string, Secret>();
  for (const [reference, wantedBy] of byReference) {
    const { content, error } = responses[reference] ?? {};
    if (content?.secret) secrets.set(reference, new Secret(content.secret));
    else problems.push({ reference, wantedBy, ...(error ? explain(error, sameTitle.get(reference)) : emptyValue) });
  }
  if (problems.length > 0) {
    throw new VaultError(
      'values',
      `1Password did not give ${problems.length} of ${counted(references.length, 'value')}; nothing was changed:`,
      problems,
    );
  }
  return secrets;
}

const emptyValue = {
  problem: 'the value is empty',
  fix: 'Fill the field in 1Password: an empty variable would break staging.',
};

/** The names of the vaults that this access reaches. Throws a {@link VaultError}. */
export async function listVaults(
  access: Exclude<VaultAccess, { kind: 'none' }>,
  timeoutMs: number = vaultTimeoutMs(),
): Promise<string[]> {
  const list = async () => (await (await open(access)).vaults.list()).map(({ title }) => title);
  return withTimeout(list, timeoutMs).catch((error: unknown) => {
    if (error instanceof VaultError) throw error;
    throw failure(new Map(), [], error instanceof VaultTimeout ? timeoutReason(timeoutMs) : explainFailure(error));
  });
}

/** How long a session is used before the next sign-in, in milliseconds: shorter than 1Password keeps any. */
const sessionMs = 300_000;

/**
 * 1Password for several pieces of work, with one sign-in, which costs more than any of them. It signs in anew after a failure,
 * and after five minutes.
 */
export class VaultSession {
  readonly access: Exclude<VaultAccess, { kind: 'none' }>;
  #client: Promise<Client> | undefined;
  #endsAt = 0;

  constructor(access: Exclude<VaultAccess, { kind: 'none' }>) {
    this.access = access;
  }

  /**
   * Does `work` with 1Password's client, within the time limit; twice where the first failure may pass. Throws a
   * {@link VaultError}; what `work` throws of its own passes through.
   */
  async use<Result>(work: (client: Client) => Promise<Result>, timeoutMs: number = vaultTimeoutMs()): Promise<Result> {
    const attempt = async () => {
      if (Date.now() >= this.#endsAt) this.#client = undefined;
      if (this.#client === undefined) this.#endsAt = Date.now() + sessionMs;
      return work(await (this.#client ??= open(this.access)));
    };
    const forgetting = () =>
      attempt().catch((error: unknown) => {
        this.#client = undefined;
        throw error;
      });
    return withTimeout(forgetting, timeoutMs).catch((error: unknown) => {
      this.#client = undefined; // a request that was ended half way leaves its session in an unknown state
      if (error instanceof VaultError || error instanceof UnwrittenError) throw error;
      throw failure(new Map(), [], error instanceof VaultTimeout ? timeoutReason(timeoutMs) : explainFailure(error));
    });
  }
}

/** Why nothing was written to the vault, found out before the write. */
export class UnwrittenError extends Error {
  override readonly name: string = 'UnwrittenError';
}

/** How long to wait before the second try, in milliseconds. */
const pauseMs = 500;

/** A sign-in and a read, and a second time after one failure that may pass, 1Password's own or the connection's, while there is time. */
async function onceMore<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnwrittenError || signal.aborted || explainFailure(error).mayPass !== true) throw error;
    await sleep(pauseMs, undefined, { signal });
    return work();
  }
}

/** What 1Password answered, and for each title that more than one item has, those items. */
interface Answer {
  readonly responses: ResolveAllResponse['individualResponses'];
  readonly sameTitle: ReadonlyMap<string, readonly string[]>;
}

async function readAll(access: Exclude<VaultAccess, { kind: 'none' }>, references: string[]): Promise<Answer> {
  const client = await open(access);
  const { individualResponses: responses } = await client.secrets.resolveAll(references);
  const ambiguous = references.filter((reference) => responses[reference]?.error?.type === 'tooManyItems');
  const sameTitle = new Map<string, readonly string[]>();
  for (const reference of ambiguous) {
    // The error stands without the ids as well.
    sameTitle.set(reference, await itemsOfTitle(client, reference).catch(() => []));
  }
  return { responses, sameTitle };
}

async function open(access: Exclude<VaultAccess, { kind: 'none' }>): Promise<Client> {
  const unchecked = access.kind === 'desktop' ? undefined : uncheckedCertificates();
  if (unchecked !== undefined)
    throw new VaultError('refused', `Nothing was read, and nothing was changed: ${unchecked}.`, []);
  // The SDK calls the global fetch, as nothing else here does: this may be a command's first request.
  useProxyOfEnvironment();
  // Loaded only here: 14 MB of WebAssembly that a run without the vault does not need.
  const { createClient, DesktopAuth } = await import('@1password/sdk');
  return createClient({
    auth: access.kind === 'desktop' ? new DesktopAuth(access.account) : access.token,
    integrationName: 'Pulumi staging environment',
    integrationVersion: 'v1',
  });
}

function groupByReference(wanted: readonly Wanted[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { reference, wantedBy } of wanted) groups.set(reference, [...(groups.get(reference) ?? []), wantedBy]);
  return groups;
}

function failure(
  byReference: ReadonlyMap<string, readonly string[]>,
  references: readonly string[],
  { kind, problem, fix }: Failure,
): VaultError {
  return new VaultError(
    kind,
    `${problem[0]?.toUpperCase() ?? ''}${problem.slice(1)}; nothing was changed. ${fix}`,
    references.map((reference) => ({
      reference,
      wantedBy: byReference.get(reference) ?? [],
      problem: 'not read',
      fix: '',
    })),
  );
}

class VaultTimeout extends Error {}

function timeoutReason(timeoutMs: number): Failure {
  return {
    kind: 'no-answer',
    problem: `1Password gave no answer within ${timeoutMs / 1000} s`,
    fix: 'Run again; STAGING_VAULT_TIMEOUT=SECONDS waits longer.',
  };
}

/** One request of the SDK's: with the session's key it goes nowhere in the clear, and to no other place than it names. */
async function unredirected(send: typeof fetch, ...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const url = input instanceof Request ? input.url : input;
  if (!isSafeTransport(url)) throw new TypeError('the address of 1Password is not https');
  const response = await send(input, { ...init, redirect: 'manual' });
  if (response.status < 300 || response.status > 399) return response;
  await response.body?.cancel();
  throw new TypeError('1Password sent the request elsewhere');
}

/**
 * The SDK has no time-out of its own: a hung server would hang the run. Its requests are ended, too, because a hung one
 * keeps the program's process alive, and the engine waits for it.
 */
async function withTimeout<Result>(start: () => Promise<Result>, timeoutMs: number): Promise<Result> {
  const timer = new AbortController();
  const requests = new AbortController();
  const { fetch } = globalThis;
  // The SDK asks for the global fetch with each request, and offers no other way in. Requests that bring a signal are
  // somebody else's, at the same time: they keep their own.
  globalThis.fetch = (input, init) =>
    init?.signal ? fetch(input, init) : unredirected(fetch, input, { ...init, signal: requests.signal });
  const late = sleep(timeoutMs, undefined, { signal: timer.signal, ref: true }).then(() => {
    requests.abort();
    throw new VaultTimeout();
  });
  late.catch(() => undefined); // it lost the race: its rejection is handled nowhere else
  const work = onceMore(start, requests.signal);
  work.catch(() => undefined); // the same for the read that came too late
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    globalThis.fetch = fetch;
  }
}
