import { createHmac } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import type { ManagedPlace } from '../places/places.ts';
import { withoutSecretMarks } from '../secrets/wire.ts';
import { holderText, otherHolders } from '../settings/otherHolders.ts';
import type { Settings } from '../settings/settings.ts';
import { contextOf } from '../settings/context.ts';
import { readFromDeployAfter } from '../settings/nextDeploy.ts';
import type { StagingEnvironment } from './stagingEnvironment.ts';

/** The non-secret facts of the environment, for people and for the operations commands. */
export interface Outputs {
  readonly site: pulumi.Output<{ readonly id: string; readonly teamId: string; readonly name: string }>;
  readonly contexts: readonly string[];
  /** By key: whether Netlify holds it as secret, when it was last changed there, and a fingerprint of each context's value. */
  readonly variables: pulumi.Output<Record<string, VariableOutput>>;
  /** From when on staging reads the variables. The engine shows outputs by name: this one is the last that a person sees. */
  readonly variablesAreRead: pulumi.Output<string>;
  /** By the name of its resource, what this stack wrote into a place other than Netlify: its name there, and a fingerprint. */
  readonly placed: pulumi.Output<Record<string, PlacedOutput>>;
  /** By key: the declared places beside staging's that take it from a source of their own. Rotating staging's leaves them. */
  readonly otherHolders: Readonly<Record<string, readonly string[]>>;
  readonly protectedBranch: pulumi.Output<string>;
  readonly requiredChecks: pulumi.Output<string[]>;
}

interface VariableOutput {
  readonly secret: boolean;
  readonly contexts: readonly string[];
  readonly lastUpdated: string;
  readonly fingerprints: Record<string, string>;
}

interface PlacedOutput {
  readonly place: ManagedPlace;
  /** The name there. */
  readonly name: string;
  /** The environment on GitHub; absent for the repository's own, and on other services. */
  readonly environment?: string;
  readonly fingerprint: string | undefined;
}

/** The stack's outputs. `key` makes the fingerprints; without one there are none. */
export function outputs(
  environment: StagingEnvironment,
  settings: Settings,
  key: pulumi.Output<string> | undefined,
): Outputs {
  const { netlify } = settings;
  const { site, netlify: context, placed, check } = environment;
  return {
    site: pulumi.all([site.siteId, site.teamId]).apply(([id, teamId]) => ({ id, teamId, name: netlify.site })),
    contexts: netlify.contexts,
    variables: pulumi.output(
      Object.fromEntries(
        Object.entries(context.variables).map(([name, resource]) => {
          const declared = netlify.variables.find((variable) => variable.name === name);
          const secret = declared?.secret === true;
          const contexts = declared?.values.map((value) => value.context) ?? [];
          const values = secret ? resource.secretValues : resource.values;
          // From the resource, not from the vault: a preview without the vault shows the stored value's fingerprint.
          const fingerprints = pulumi.unsecret(
            // The provider's list can be a secret inside a secret; the SDK takes only the outer mark off.
            pulumi
              .all([values, key])
              .apply(async ([list, hmacKey]) => fingerprintAll((await withoutSecretMarks(list)) as Value[], hmacKey)),
          );
          return [name, { secret, contexts, lastUpdated: resource.lastUpdated, fingerprints }];
        }),
      ),
    ),
    placed: pulumi.output(
      Object.fromEntries(
        [...placed].map(([resourceName, { placement, value: held }]) => {
          const { place, name, environment: level, source } = placement;
          // The site's id stands in these outputs: its fingerprint would tell nothing, and be a guess that is known to be right.
          const print = pulumi
            .all([held, key])
            .apply(([value, hmacKey]) => (source.kind === 'siteId' ? undefined : fingerprint(value ?? '', hmacKey)));
          const about = { place, name, ...(level !== undefined && { environment: level }) };
          return [resourceName, { ...about, fingerprint: pulumi.unsecret(print) }];
        }),
      ),
    ),
    otherHolders: Object.fromEntries(
      [...otherHolders(settings)].map(([name, holders]) => [name, holders.map(holderText)]),
    ),
    protectedBranch: check.branch,
    requiredChecks: check.checks,
    variablesAreRead: context.lastUpdated.apply((times) => readFromDeployAfter(Object.values(times))),
  };
}

interface Value {
  readonly context: string;
  readonly contextParameter?: string;
  readonly value?: string;
}

function fingerprintAll(values: readonly Value[] | undefined, key: string | undefined): Record<string, string> {
  const entries = (values ?? []).flatMap((each) => {
    const print = fingerprint(each.value ?? '', key);
    return print === undefined ? [] : [[contextOf(each), print] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * A short keyed fingerprint (HMAC-SHA-256, 12 hexadecimal digits): equal values have equal ones, and without the key
 * nobody can test a guess. `undefined` for a value that is guessable at all: one that is not random for most of its
 * length, such as a name, an address or a password that a person made up.
 */
export function fingerprint(value: string, key: string | undefined): string | undefined {
  if (key === undefined || !looksRandom(value)) return undefined;
  return createHmac('sha256', key).update(value).digest('hex').slice(0, 12);
}

/** Whether a value, less words before it (`sk-proj-`), is made as a machine makes tokens and keys; of an address its last part. */
function looksRandom(value: string): boolean {
  const part = value.includes('://') ? (value.split(/[/?#]/).findLast((each) => each !== '') ?? '') : value;
  const core = part.replace(/^(?:[a-z]+[_-])+/, '').replace(/[^A-Za-z0-9]/g, '');
  if (core.length < 16 || bitsOf(core) < 64) return false;
  if (/^[0-9a-f]{32,}$/i.test(core)) return true;
  // Words and dates run on in one kind of letter; random text goes from small to capital to digit all the time.
  const changes = core.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z])/g) ?? [];
  return changes.length >= core.length * 0.3;
}

/** Shannon's estimate of the information in a text, in bits, from how often each character occurs. */
function bitsOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - count * Math.log2(count / text.length), 0);
}
