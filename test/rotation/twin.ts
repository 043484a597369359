import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rotateBack } from '../../rotation/back.ts';
import { rotateForward } from '../../rotation/forward.ts';
import type { Work } from '../../rotation/work.ts';
import { declaredHolders } from '../../rotation/holders.ts';
import { Journals, newJournal } from '../../rotation/journal.ts';
import { planOf } from '../../rotation/plan.ts';
import type { Ports, Used, Written } from '../../rotation/ports.ts';
import { scopeOf, scopeUnderWay } from '../../rotation/scope.ts';
import { subjectOf } from '../../rotation/subject.ts';
import { Secret } from '../../secrets/secret.ts';
import { valueOf } from '../../secrets/valueOf.ts';
import { namesIn } from '../../settings/reference.ts';
import type { Settings } from '../../settings/settings.ts';

/** The run was killed: nothing after it happens. */
export class Killed extends Error {}

interface Key {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

/** A service gave no answer. */
class Unanswered extends Error {}

/** Vault, keys, places and deploys in memory, as a rotation sees them; checks after each call that what runs has a key that works. */
export class Twin {
  readonly folder = mkdtempSync(join(tmpdir(), 'rotation-'));
  readonly fields = new Map<string, string>();
  readonly keys: Key[] = [];
  readonly legacy: string[] = [];
  /** What opens something without being a key of Supabase. */
  readonly opens = new Set<string>();
  legacyEnabled = true;
  /** What stands in each place, and what the deploys of staging and production run with. */
  readonly live = new Map<string, string>();
  readonly running = new Map<string, string>();
  readonly harmed: string[] = [];
  readonly calls: string[] = [];
  stagingAt = 0;
  productionAt = 0;
  #dead = false;
  killAt: { readonly call: number; readonly afterEffect: boolean } | undefined;
  /** A call that a service does not answer, although it may have acted: the process goes on. */
  failAt: { readonly call: number; readonly afterEffect: boolean } | undefined;
  /** The process ends right before this call. */
  stopsBefore: ((call: string) => boolean) | undefined;
  mayWrite = true;
  held: readonly string[] = [];
  /** What nobody can read, and whether a person says that it was checked. */
  hidden: readonly string[] = [];
  checked = false;
  /** What the vendor's logs tell of the old keys, by the moment since which they are asked; and whether a person accepts it. */
  used: (since: string) => Used = (since) => ({ uses: [], since, isCut: false, newest: new Date().toISOString() });
  /** What the logs have of the requests that the rotation itself made with the new ones. */
  usedNew: (since: string) => Used = (since) => {
    const last = new Date().toISOString();
    return { uses: [{ path: '/', agent: '', network: '', requests: 1, last }], since, isCut: false, newest: last };
  };
  althoughUsed = false;
  readonly reported: string[] = [];
  /** What the audit trail says to be revoked by hand. */
  readonly noted: string[] = [];
  overlapSeconds = 0;
  /** When what nobody can read was asked for, as it was written. */
  asked: Written[] = [];
  /** What the person gives as a new value, in place of one that works. */
  given: string | undefined;
  /** Whether the person says that what they gave is right, whatever its form. */
  right = false;
  /** The token that its vendor refuses, beside those that a person has revoked; without one, nobody can ask the vendor. */
  refused: string | undefined;
  readonly #revoked = new Set<string>();
  /** Whether the person says that a token is revoked although it is not. */
  isMistaken = false;
  readonly #settings: Settings;

  constructor(settings: Settings, values: Readonly<Record<string, string>>) {
    this.#settings = settings;
    for (const [field, value] of Object.entries(values)) this.fields.set(field, value);
    for (const holder of this.holders) {
      this.live.set(holder.title + holder.name, this.#field(holder.reference));
      if (holder.place === 'netlify') this.running.set(holder.title + holder.name, this.#field(holder.reference));
    }
  }

  get holders() {
    // A developer's own file is written by its own command.
    return declaredHolders(this.#settings).filter(({ place }) => place !== 'localFile');
  }

  #field(reference: string): string {
    return this.fields.get(namesIn(reference).at(-1) ?? '') ?? '';
  }

  accepted(value: string): boolean {
    if (this.legacy.includes(value)) return this.legacyEnabled;
    return this.opens.has(value) || this.keys.some((key) => key.value === value);
  }

  /** What whoever is asked now would answer with: deploys with what they were made with, Edge Functions with what stands there. */
  load(names: readonly string[]): void {
    const edge = [...this.live].filter(([place]) => place.startsWith('Edge Function'));
    for (const [place, value] of [...this.running, ...edge])
      if (names.some((name) => place.endsWith(name)) && !this.accepted(value))
        this.harmed.push(`${place} has a dead key after ${this.calls.at(-1) ?? 'nothing'}`);
  }

  ports(names: readonly string[]): Ports {
    const real: Ports = {
      changeItem: (_, decide) => {
        const get = (label: string) => {
          const value = this.fields.get(label);
          return value === undefined ? undefined : new Secret(value);
        };
        const changes = decide({ get });
        for (const { label, value } of changes)
          if (value === undefined) this.fields.delete(label);
          else this.fields.set(label, value.reveal());
        return Promise.resolve(changes.length > 0);
      },
      listKeys: () => Promise.resolve(this.keys.map((key) => ({ ...key, value: new Secret(key.value) }))),
      createKey: (role, name) => {
        this.keys.push({ id: randomUUID(), name, value: `sb_${role}_${randomUUID()}` });
        return Promise.resolve();
      },
      deleteKey: ({ id }) => {
        this.keys.splice(
          this.keys.findIndex((key) => key.id === id),
          1,
        );
        return Promise.resolve();
      },
      setLegacyKeys: (enabled) => {
        this.legacyEnabled = enabled;
        return Promise.resolve();
      },
      accepts: (key) => Promise.resolve(this.accepted(key.reveal())),
      update: (resources, production) => {
        for (const holder of this.holders) {
          const [place, value] = [holder.title + holder.name, this.#field(holder.reference)];
          if (!resources.includes(holder.resource ?? '') || this.live.get(place) === value) continue;
          if (holder.isProductions && !production) throw new Error(`${place} is production's`);
          this.live.set(place, value);
        }
        return Promise.resolve();
      },
      deployStaging: () => {
        this.#deploy(false);
        this.stagingAt = nextMoment();
        return Promise.resolve();
      },
      stagingServesSince: (moment) => Promise.resolve(this.stagingAt > Date.parse(moment)),
      productionServesSince: (moment) => Promise.resolve(this.productionAt > Date.parse(moment)),
      deployProduction: () => {
        this.#deploy(true);
        this.productionAt = nextMoment();
        return Promise.resolve();
      },
      stillHeld: (_, written) => {
        this.asked.push(written);
        return Promise.resolve({ held: this.held, hidden: this.hidden });
      },
      areChecked: () => Promise.resolve(this.checked),
      usesOf: (keys, since) => {
        const isNew = ({ name, value }: Key) =>
          name.startsWith('rotated_') && keys.some((key) => key.reveal() === value);
        return Promise.resolve(this.keys.some(isNew) ? this.usedNew(since) : this.used(since));
      },
      mayEndUsed: () => Promise.resolve(this.althoughUsed),
      inTheWay: () => Promise.resolve([]),
      newValue: () => {
        const value = this.given ?? `old-${randomUUID()}`; // of the old one's form
        if (this.given === undefined) this.opens.add(value);
        return Promise.resolve(new Secret(value));
      },
      isRightForm: () => Promise.resolve(this.right),
      takesToken: (token) => {
        const text = token.reveal();
        return Promise.resolve(
          this.refused === undefined ? undefined : text !== this.refused && !this.#revoked.has(text),
        );
      },
      revokedByPerson: (old) => {
        if (!this.isMistaken) for (const each of old) this.#revoked.add(each.reveal());
        return Promise.resolve(true);
      },
      noteRevoked: (old) => {
        this.noted.push(...old.map((each) => each.reveal()));
        return Promise.resolve();
      },
      mayWriteProduction: () => Promise.resolve(this.mayWrite),
      wait: () => Promise.resolve(),
      report: () => undefined,
    };
    return new Proxy(real, {
      get: (target, name: keyof Ports) => {
        const call = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
        return (...given: unknown[]) => {
          const number = this.calls.push(name) - 1;
          if (name === 'report') return void this.reported.push(String(given[0]));
          const stops = this.stopsBefore?.(name) === true;
          const kill = stops || this.killAt?.call === number ? { afterEffect: false, ...this.killAt } : undefined;
          if (this.#dead) return Promise.reject(new Killed(name)); // a process that was killed does nothing more
          if (kill !== undefined) this.#dead = true;
          if (kill?.afterEffect === false) return Promise.reject(new Killed(name));
          const fails = this.failAt?.call === number ? this.failAt : undefined;
          if (fails?.afterEffect === false) return Promise.reject(new Unanswered(name));
          return call(...given).then((result) => {
            this.load(names);
            if (kill) throw new Killed(name);
            if (fails) throw new Unanswered(name);
            return result;
          });
        };
      },
    });
  }

  /** Netlify builds production's branch by itself: it has what stands there now. */
  deployFromOutside(): void {
    this.#deploy(true);
  }

  #deploy(production: boolean): void {
    for (const holder of this.holders) {
      const place = holder.title + holder.name;
      if (holder.place === 'netlify' && holder.isProductions === production)
        this.running.set(place, this.live.get(place) ?? '');
    }
  }

  /** Another process begins: the one before is dead, or has ended. */
  begin(): void {
    this.#dead = false;
  }

  /** One process: begins the rotation, or goes on with the one that its journal tells of. */
  async run(name: string, way: 'forward' | 'back' = 'forward', random = false): Promise<void> {
    this.begin();
    const subject = subjectOf(this.#settings, name, random);
    const journals = new Journals(this.folder);
    const known = journals.read(subject.value);
    const values = new Map(this.holders.map(({ reference }) => [reference, new Secret(this.#field(reference))]));
    const scope =
      known === undefined
        ? scopeOf(subject, this.holders, values, this.#settings.supabase.project)
        : scopeUnderWay(known.members, known.legacy, this.holders);
    const old = (reference: string) => new Secret(valueOf(values, reference));
    const journal =
      known ?? newJournal(subject.value, 'an engineer', scope, old, { overlapSeconds: this.overlapSeconds, random });
    if (known === undefined) journals.save(journal);
    const plan = planOf(this.#settings, subject, scope, this.overlapSeconds);
    const names = plan.holders.map((each) => each.name);
    const work: Work = { plan, ports: this.ports(names), journals, journal };
    await (way === 'forward' ? rotateForward(work) : rotateBack(work));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A time that is after all that was before, and before all that comes: times are told in milliseconds. */
function nextMoment(): number {
  const moment = afterwards(Date.now());
  afterwards(moment);
  return moment;
}

function afterwards(moment: number): number {
  let now = moment;
  while (now <= moment) now = Date.now();
  return now;
}
