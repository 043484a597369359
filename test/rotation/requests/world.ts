import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { realPorts } from '../../../commands/rotate/ports.ts';
import { readValues } from '../../../commands/rotate/values.ts';
import { openStaging } from '../../../deploys/stagingServices.ts';
import { rotateBack } from '../../../rotation/back.ts';
import { rotateForward } from '../../../rotation/forward.ts';
import { declaredHolders } from '../../../rotation/holders.ts';
import { Journals, newJournal } from '../../../rotation/journal.ts';
import { planOf } from '../../../rotation/plan.ts';
import type { ReadBy } from '../../../rotation/readBy.ts';
import { scopeOf, scopeUnderWay } from '../../../rotation/scope.ts';
import { subjectOf } from '../../../rotation/subject.ts';
import { Secret } from '../../../secrets/secret.ts';
import { valueOf } from '../../../secrets/valueOf.ts';
import { VaultSession } from '../../../secrets/vault.ts';
import '../haste.ts';
import { startRotationServices, type Moment } from '../services.ts';

/** A request of a rotation: the step that made it, the service, the method and the path. */
export interface Seen {
  readonly step: string;
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

/** What to do with a request of the run: nothing, or kill the run before the service acts, or after it. */
export type Kill = 'before' | 'after' | undefined;

interface Run {
  dead: boolean;
  step: string;
  /** Each request carries it. */
  readonly id: string;
  readonly kill: (seen: Seen) => Kill;
  readonly killed: () => void;
}

/** The code of the application reads no key that Supabase itself provides. */
const readers: ReadBy = { lines: [], readers: [], undeclared: [], ofPlatform: [], cannotTake: [], unclear: [] };

/** Long enough that the logs are asked. */
const overlapSeconds = 0.05;

const tag = 'x-run';
const current = new AsyncLocalStorage<Run>();
const isDead = (run: Run | undefined) => run?.dead === true;
const forEver = () => new Promise<never>(() => undefined);

/** The real ports of `npm run rotate` on every stand-in, in this process; only `pulumi up` is played, by one write a place. */
export async function startServices() {
  const requests: Seen[] = [];
  const harmed: string[] = [];
  let running: Run | undefined;
  /** A sign-in takes longer than a whole run: all of them share one. */
  let session: VaultSession | undefined;
  const staging = openStaging('staging');
  const { settings } = staging;
  const holders = declaredHolders(settings);
  const services = await startRotationServices(staging, async (service, request, answer) => {
    const run = running;
    if (run === undefined || service.name === 'onepassword') return answer();
    if (request.headers[tag] !== undefined && request.headers[tag] !== run.id) return forEver(); // of one that is dead
    const seen = { step: run.step, service: service.name, method: request.method, path: request.path };
    const kill = run.kill(seen);
    const dies = () => {
      run.dead = true;
      run.killed();
      return forEver();
    };
    if (kill === 'before') return dies();
    requests.push(seen);
    const reply = await answer();
    for (const where of services.dead())
      harmed.push(`${where} has a dead key after ${seen.step} ${seen.method} ${seen.path}`);
    return kill === 'after' ? dies() : reply;
  });
  const { vault } = services.standIns.onepassword;
  const before = { ...process.env };
  Object.assign(process.env, services.environment);
  process.env.STAGING_VAULT_TIMEOUT = '120'; // a busy machine may take its time to sign in
  delete process.env.PULUMI_OPTION_CONFIG_FILE;
  const { fetch: reach } = globalThis;
  const guarded: typeof fetch = async (input, init) => {
    const run = current.getStore();
    if (isDead(run)) return forEver();
    try {
      const headers = new Headers(init?.headers);
      if (run !== undefined) headers.set(tag, run.id);
      const response = await reach(input, input instanceof Request ? init : { ...init, headers });
      return isDead(run) ? await forEver() : response;
    } catch (error) {
      if (isDead(run)) return forEver();
      throw error;
    }
  };
  globalThis.fetch = guarded;

  /** One process of `npm run rotate`: begins, or goes on with what the journal tells of. Whether it came to its end. */
  async function rotate(name: string, way: 'forward' | 'back', kill: Run['kill'] = () => undefined): Promise<boolean> {
    const subject = subjectOf(settings, name);
    const journals = new Journals(services.environment.ROTATIONS_DIR ?? '');
    const known = journals.read(subject.value);
    const { promise: killed, resolve } = Promise.withResolvers<undefined>();
    const run: Run = { id: randomUUID(), dead: false, step: 'begin', kill, killed: () => resolve(undefined) };
    const work = async () => {
      const values = known === undefined ? await readValues(holders) : undefined;
      const scope =
        known === undefined
          ? scopeOf(subject, holders, values, settings.supabase.project)
          : scopeUnderWay(known.members, known.legacy, holders);
      const old = (reference: string) => new Secret(valueOf(values ?? new Map(), reference));
      const journal = known ?? newJournal(subject.value, 'an engineer', scope, old, { overlapSeconds, random: false });
      journals.save(journal);
      const plan = planOf(settings, subject, scope, overlapSeconds);
      const token = process.env.OP_SERVICE_ACCOUNT_TOKEN ?? '';
      session ??= new VaultSession({ kind: 'service-account', token });
      const given = {
        yes: true,
        project: staging.project.ref,
        smoke: undefined,
        timeoutMs: 30_000,
        checked: true,
        codeChecked: false,
        althoughUsed: false,
        back: way === 'back',
      };
      const ports = realPorts(staging, session, { plan, readers }, given, services.recorded);
      const played = {
        ...ports,
        // The vault's client waits for its own answers whatever happens: a run is killed when it has them.
        changeItem: async (...[reference, decide]: Parameters<typeof ports.changeItem>) => {
          const wrote = await ports.changeItem(reference, decide);
          const seen = { step: run.step, service: 'onepassword', method: 'PATCH', path: reference };
          if (wrote) requests.push(seen);
          if (!wrote || run.kill(seen) !== 'after') return wrote;
          run.dead = true;
          run.killed();
          return forEver();
        },
        update: async (resources: readonly string[]) => {
          await fetch(services.playedStack, { method: 'POST', body: JSON.stringify(resources) });
        },
        // What is taken back has no numbered steps.
        report: (line: string) =>
          (run.step = /^\d+\/\d+ ([\w-]+):/.exec(line)?.[1] ?? (way === 'back' ? line : run.step)),
      };
      await (way === 'forward' ? rotateForward : rotateBack)({ plan, ports: played, journals, journal });
      return true;
    };
    running = run;
    try {
      return await Promise.race([current.run(run, work), killed.then(() => false)]);
    } finally {
      running = undefined;
      globalThis.fetch = guarded;
    }
  }

  const journalFile = (name: string) => join(services.environment.ROTATIONS_DIR ?? '', `${name}.json`);
  return {
    ...{ vault, requests, harmed, rotate },
    ...{ accepted: services.accepted, inUse: services.inUse, remember: services.remember, held: services.held },
    journal: (name: string) => new Journals(services.environment.ROTATIONS_DIR ?? '').read(name),
    /** Puts everything back to how it was then, and forgets the rotation. */
    restore(moment: Moment, name: string) {
      services.restore(moment);
      rmSync(journalFile(name), { force: true });
      requests.length = 0;
    },
    async close() {
      globalThis.fetch = reach;
      process.env = before;
      await services.close();
    },
  };
}
