import type { Secret } from '../secrets/secret.ts';
import type { FieldChange, ItemFields } from '../secrets/vaultFields.ts';
import type { KeyUses } from '../services/supabase/keyUses.ts';
import type { KeyRole } from './kinds.ts';

/** One of the project's publishable and secret keys. */
interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly value: Secret;
}

/** When a value that nobody can read was last written (ISO 8601), if it is one of those that are looked for. */
export interface Written {
  readonly since?: string | undefined;
  readonly before?: string | undefined;
  /** From then on, a place of the value's own name may have got the new one: it is asked for, and does not count as held. */
  readonly mayBeNew?: string | undefined;
}

/** Places by what is known of them: one line each for people. */
export interface Held {
  /** They hold one of the values, or are named as it and were not written since. */
  readonly held: readonly string[];
  /** Nobody can read what they hold. */
  readonly hidden: readonly string[];
}

/**
 * The requests that came with keys, and the time of the newest line of the log that tells of them; or why nobody can say it, and
 * whether that may be otherwise in a while.
 */
export type Used =
  (KeyUses & { readonly newest: string | undefined }) | { readonly unknown: string; readonly isPassing: boolean };

/** Everything outside of this process that a rotation asks or changes. Each call may fail, and may be made again. */
export interface Ports {
  /** 1Password: fields of the item of a reference, in one write; `decide` yields nothing where nothing is to change. */
  readonly changeItem: (reference: string, decide: (fields: ItemFields) => readonly FieldChange[]) => Promise<boolean>;
  /** Supabase's publishable and secret keys, with their values. */
  readonly listKeys: () => Promise<readonly ApiKey[]>;
  readonly createKey: (role: KeyRole, name: string) => Promise<void>;
  readonly deleteKey: (key: ApiKey) => Promise<void>;
  /** Both legacy keys end, or work again, at once; `keys`: the ones that are known. */
  readonly setLegacyKeys: (enabled: boolean, keys: readonly Secret[]) => Promise<void>;
  /** Whether the project answers a request with this key. */
  readonly accepts: (key: Secret) => Promise<boolean>;
  /** `pulumi up` of these resources alone; `production`: it may change what production reads. */
  readonly update: (resources: readonly string[], production: boolean) => Promise<void>;
  /** Deploys staging, and runs its smoke test. Throws where either fails. */
  readonly deployStaging: () => Promise<void>;
  /** Whether staging serves a deploy that was made after this moment (ISO 8601). */
  readonly stagingServesSince: (moment: string) => Promise<boolean>;
  /** Whether production serves a deploy that was made after this moment (ISO 8601). */
  readonly productionServesSince: (moment: string) => Promise<boolean>;
  /** Lets Netlify build production anew. Throws a `WaitsError` where a person has to. */
  readonly deployProduction: () => Promise<void>;
  /** Places that hold one of these values, or may. */
  readonly stillHeld: (values: readonly Secret[], written: Written) => Promise<Held>;
  /** Whether a person says of these places, which nobody can read, that they hold none of the values. Asked each time. */
  readonly areChecked: (hidden: readonly string[]) => Promise<boolean>;
  /** The requests that came with one of these keys of Supabase since a moment (ISO 8601). */
  readonly usesOf: (old: readonly Secret[], since: string) => Promise<Used>;
  /** Whether a person says that whoever sends these requests may stop. Asked each time. */
  readonly mayEndUsed: (uses: readonly string[]) => Promise<boolean>;
  /** What stops, or may, when the old ones end, whoever was given the new ones: one line each for people. */
  readonly inTheWay: (old: readonly Secret[]) => Promise<readonly string[]>;
  /** A new value from the person, or a random one; asked only where the vault has none yet. */
  readonly newValue: () => Promise<Secret>;
  /** Whether a person says that a new value is the right one although its form says otherwise (`what`). Without one: no. */
  readonly isRightForm: (what: string) => Promise<boolean>;
  /** Whether the vendor takes a token that a person makes; `undefined` where nobody asks the vendor. */
  readonly takesToken: (token: Secret) => Promise<boolean | undefined>;
  /** Lets the person revoke the old ones at the vendor; whether they say that they did. */
  readonly revokedByPerson: (old: readonly Secret[]) => Promise<boolean>;
  /** Keeps in the audit trail that a person has revoked them. */
  readonly noteRevoked: (old: readonly Secret[]) => Promise<void>;
  /** The typed reference of the shared project; whether production may be written. Asked once a run. */
  readonly mayWriteProduction: () => Promise<boolean>;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly report: (line: string) => void;
}

/** The rotation waits for a person; nothing failed. `--resume` goes on. */
export class WaitsError extends Error {
  override readonly name = 'WaitsError';
}
