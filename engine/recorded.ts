import { Secret } from '../secrets/secret.ts';
import { placeOfType, placeResources, type ManagedPlace } from '../places/places.ts';
import { contextOf, type Context } from '../settings/context.ts';
import { isRule } from '../protection/resource.ts';
import { nameOf, secretMark, type Export, type ExportedResource } from './deployment.ts';
import { exportedStack } from './exportedStack.ts';
import { PulumiError } from './pulumi.ts';
import { startPassphraseKey, type Decrypt, type PassphraseKey } from './passphrase.ts';

/** What the last update of the stack wrote, as its state has it. */
export interface Recorded {
  /** Whether the state could be decrypted: without it, values are compared by time stamps alone. */
  readonly valuesKnown: boolean;
  /** When the stack was last updated (ISO 8601); `undefined` when never. */
  readonly updatedAt: string | undefined;
  readonly site: { readonly siteId: string; readonly teamId: string } | undefined;
  readonly variables: ReadonlyMap<string, RecordedVariable>;
  /** What stands in places other than Netlify, by the logical name of its resource. */
  readonly placed: ReadonlyMap<string, RecordedValue>;
  /** Whether the stack has the branch's rule. */
  readonly hasRule: boolean;
  /** When the stack got the branch's rule (ISO 8601). */
  readonly ruleSince: string | undefined;
  /** GitHub's environments that the stack has. */
  readonly environments: ReadonlySet<string>;
  /** How many operations an interrupted update left open. */
  readonly pendingOperations: number;
  /** Whether the stack is still as it was read. Who writes what this says asks right before. */
  readonly isCurrent: () => Promise<boolean>;
}

export interface RecordedVariable {
  readonly secret: boolean;
  readonly scopes: readonly string[];
  /** `undefined` where the state could not be decrypted. */
  readonly values: ReadonlyMap<Context, Secret | undefined>;
  /** When the provider wrote it, by the clock of the machine that ran the update (ISO 8601). */
  readonly writtenAt: string | undefined;
}

/** A value in a place other than Netlify, as the last update wrote it. */
export interface RecordedValue {
  /** When the service took it, in the service's time (ISO 8601). */
  readonly updatedAt: string | undefined;
  readonly value: Secret | undefined;
}

/**
 * Reads the stack's state from whatever backend it is in, decrypted in memory where this process may. One `pulumi`
 * process; what a passphrase protects is decrypted here, because the key is derived while that process reads.
 */
export async function readRecorded(root: string, stack: string): Promise<Recorded> {
  const key = startPassphraseKey(root, stack);
  const read = async (...args: readonly string[]) => {
    const text = await exportedStack(root, stack, args);
    const isCurrent = async () => (await exportedStack(root, stack, args)) === text;
    return { state: JSON.parse(text) as Export, isCurrent };
  };
  try {
    if (key) {
      const { state, isCurrent } = await read();
      const opened = await openHere(state, key, isCurrent);
      if (opened) return opened;
    }
    const { state, isCurrent } = await read('--show-secrets');
    return recorded(state, true, isCurrent);
  } catch (error) {
    if (!(error instanceof PulumiError)) throw error;
    // No passphrase, or no right to the key: structure and times are readable all the same. Whether it is that, and not
    // the state itself that cannot be had, the sealed state says.
    const { state, isCurrent } = await read();
    return recorded(state, false, isCurrent);
  }
}

/** What the state says, decrypted with this key; `undefined` where that does not fit, and Pulumi has to. */
async function openHere(
  state: Export,
  { salt, decrypt }: PassphraseKey,
  isCurrent: Recorded['isCurrent'],
): Promise<Recorded | undefined> {
  const { secrets_providers: providers } = state.deployment as {
    readonly secrets_providers?: { readonly type?: string; readonly state?: { readonly salt?: string } };
  };
  if (providers?.type !== 'passphrase' || providers.state?.salt !== salt) return undefined;
  try {
    return recorded(state, true, isCurrent, await decrypt);
  } catch {
    return undefined;
  }
}

/** What an exported state says; `decrypt` opens a state that was exported without its secrets. */
export function recorded(
  state: Export,
  valuesKnown: boolean,
  isCurrent: Recorded['isCurrent'],
  decrypt?: Decrypt,
): Recorded {
  const {
    resources = [],
    manifest,
    pending_operations: pending,
  } = state.deployment as Export['deployment'] & {
    readonly manifest?: { readonly time?: string };
    readonly pending_operations?: readonly unknown[];
  };
  const custom = resources.filter(({ id }) => id !== undefined);
  const ofType = (type: RegExp) => custom.filter((resource) => type.test(resource.type));
  const variables = ofType(/:EnvironmentVariable$/);
  const [first] = variables;
  const rule = custom.find(({ type, urn }) => isRule({ type, name: nameOf(urn) }));
  return {
    valuesKnown,
    updatedAt: resources.length > 0 ? manifest?.time : undefined,
    site: first && { siteId: textOf(first, 'siteId'), teamId: textOf(first, 'teamId') },
    variables: new Map(variables.map((each) => [textOf(each, 'key'), variableOf(each, decrypt)])),
    placed: new Map(
      custom.flatMap((each): [string, RecordedValue][] => {
        const place = placeOfType(each.type);
        return place === undefined ? [] : [[nameOf(each.urn), placedValue(place, each, decrypt)]];
      }),
    ),
    hasRule: rule !== undefined,
    ruleSince: rule && isoTime(rule.created as string | undefined),
    environments: new Set(ofType(/:RepositoryEnvironment$/).map((each) => textOf(each, 'environment'))),
    pendingOperations: pending?.length ?? 0,
    isCurrent,
  };
}

function textOf({ outputs, inputs }: ExportedResource, property: string): string {
  const value = outputs?.[property] ?? inputs?.[property];
  return typeof value === 'string' ? value : '';
}

interface StoredValue {
  readonly context: string;
  readonly contextParameter?: string;
  readonly value?: string;
}

function variableOf(resource: ExportedResource, decrypt: Decrypt | undefined): RecordedVariable {
  const { outputs = {}, inputs = {} } = resource;
  const secret = inputs.secretValues !== undefined;
  const property = secret ? 'secretValues' : 'values';
  const list = (plain(inputs[property], decrypt) ?? plain(outputs[property], decrypt)) as
    readonly StoredValue[] | undefined;
  const written = textOf(resource, 'lastUpdated') || (resource.modified as string | undefined);
  return {
    secret,
    scopes: ((outputs.scopes ?? []) as readonly string[]).map((scope) => scope.replace('_', '-')),
    values: new Map(
      (list ?? []).map((value) => [contextOf(value), value.value === undefined ? undefined : new Secret(value.value)]),
    ),
    writtenAt: isoTime(written),
  };
}

function placedValue(place: ManagedPlace, resource: ExportedResource, decrypt: Decrypt | undefined): RecordedValue {
  const inputs = Object.entries(resource.inputs ?? {}).map(([key, value]) => [key, plain(value, decrypt)] as const);
  const value = placeResources[place].valueIn(Object.fromEntries(inputs));
  return {
    updatedAt: isoTime(textOf(resource, 'updatedAt')),
    value: typeof value === 'string' ? new Secret(value) : undefined,
  };
}

/** A time as the providers write it (`2026-01-02 03:04:05 +0000 UTC`, RFC 3339 in any zone) in ISO 8601. */
function isoTime(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  const time = Date.parse(text.replace(/ ([+-]\d{4}) [A-Z]+$/, ' $1'));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** A property without Pulumi's marks of secrets; `undefined` where it stays encrypted. */
function plain(value: unknown, decrypt: Decrypt | undefined): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(each, decrypt));
  if (typeof value !== 'object' || value === null) return value;
  if (secretMark in value) {
    const { plaintext, ciphertext } = value as { readonly plaintext?: string; readonly ciphertext?: string };
    const text = plaintext ?? (ciphertext === undefined ? undefined : decrypt?.(ciphertext));
    // A secret within a secret is not encrypted again.
    return text === undefined ? undefined : plain(JSON.parse(text), (inner) => inner);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, decrypt)]));
}
