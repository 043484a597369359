import * as pulumi from '@pulumi/pulumi';
import type { ManagedPlace } from '../places/places.ts';
import { fingerprint } from '../secrets/fingerprint.ts';
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
          // The site's id stands in these outputs: its fingerprint would show nothing, and confirm a known value.
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
