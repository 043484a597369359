import { resolveReferences, type Wanted } from '../../../secrets/vault.ts';
import type { Secret } from '../../../secrets/secret.ts';
import { vaultAccess, type VaultAccess } from '../../../secrets/vaultAccess.ts';
import { VaultError } from '../../../secrets/vaultError.ts';
import type { Context } from '../../../settings/context.ts';
import { managedPlacements, placeTitle, resourceName } from '../../../places/places.ts';
import { holderText } from '../../../settings/otherHolders.ts';
import { resolvedSource, type Settings, type Source } from '../../../settings/settings.ts';
import { holdersOf } from './differentHolders.ts';
import { finding, type Finding } from '../finding.ts';
import type { Part } from '../observed.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';
import { netlifyResource } from '../../../settings/names/resourceTypes.ts';

/** One place that takes its value from a reference, with what the last update wrote there. */
export interface Use {
  /** The key, or the secret's name. */
  readonly name: string;
  readonly reference: string;
  readonly wantedBy: string;
  /** The resource's logical name. */
  readonly resource: string;
  readonly written: Secret | undefined;
  /** On Netlify. */
  readonly context?: Context;
  /** Outside staging's contexts. */
  readonly foreign: boolean;
}

/** References that no longer resolve, and values that are newer in the vault than in the stack. */
export async function vault(
  settings: Settings,
  recorded: Recorded,
  access: VaultAccess = vaultAccess(),
): Promise<Part> {
  if (access.kind === 'none') {
    return {
      findings: [],
      notChecked: ['1Password: no access (OP_SERVICE_ACCOUNT_TOKEN, or OP_ACCOUNT for the desktop app).'],
      unseen: '1Password',
    };
  }
  const all = uses(settings, recorded);
  const { secrets, broken } = await resolveWhatResolves(access, all);
  return { findings: [...broken, ...newer(all, secrets, (use) => stillHeld(settings, recorded, use))] };
}

async function resolveWhatResolves(access: Exclude<VaultAccess, { kind: 'none' }>, wanted: readonly Wanted[]) {
  try {
    return { secrets: await resolveReferences(access, wanted), broken: [] };
  } catch (error) {
    if (!(error instanceof VaultError) || error.problems.every(({ fix }) => fix === '')) throw error;
    const failing = new Set(error.problems.map(({ reference }) => reference));
    const broken = error.problems.map(({ reference, wantedBy, problem, fix }) =>
      finding({
        kind: 'vault-reference-broken',
        subject: reference,
        what: `${reference}: ${problem}; wanted by ${wantedBy.join(', ')}. The next update would refuse.`,
        command: `op read '${reference}'`,
        note: fix,
      }),
    );
    const rest = wanted.filter(({ reference }) => !failing.has(reference));
    return { secrets: await resolveReferences(access, rest), broken };
  }
}

/** The declared places that keep the old value of a key when this one gets the vault's. */
function stillHeld(settings: Settings, recorded: Recorded, { name, written }: Use): string[] {
  return holdersOf(recorded, settings, name, written?.reveal()).map((holder) => `${name} in ${holderText(holder)}`);
}

/**
 * Values that are newer in the vault. An update writes a key whole: where the same key has a newer value of production's
 * own, the fix of staging's value writes production, too.
 */
export function newer(
  all: readonly Use[],
  secrets: ReadonlyMap<string, Secret>,
  heldBy: (use: Use) => readonly string[],
): Finding[] {
  const changed = all.filter(({ reference, written }) => {
    const value = secrets.get(reference)?.reveal();
    return value !== undefined && written !== undefined && value !== written.reveal();
  });
  const references = [...new Set(changed.map(({ reference }) => reference))];
  const ofProduction = new Set(changed.filter(({ foreign }) => foreign).map(({ resource }) => resource));
  return references.map((reference) => {
    const places = changed.filter((use) => use.reference === reference);
    const contexts = places.flatMap(({ context }) => context ?? []);
    const foreign = places.some((use) => use.foreign);
    const shared = foreign ? [] : places.filter(({ resource }) => ofProduction.has(resource));
    const held = foreign ? [] : [...new Set(places.flatMap(heldBy))];
    return finding({
      kind: foreign ? 'vault-production-value-changed' : 'vault-value-changed',
      subject: reference,
      what: `${reference} has another value than the last update wrote to ${places.map(({ wantedBy }) => wantedBy).join(', ')}.`,
      resources: [...new Set(places.map(({ resource }) => resource))],
      ...(contexts.length === places.length && { contexts: [...new Set(contexts)] }),
      ...(foreign && { command: forStack('pulumi up') }),
      ...(shared.length > 0 && {
        fixedBy: 'ask' as const,
        production: `overwrite production's own value of ${[...new Set(shared.map(({ name }) => name))].join(', ')} with the vault's newer one`,
      }),
      ...(held.length > 0 && {
        note: `The old one stays in ${held.join(', ')}: do not revoke it before each of these has the new one.`,
      }),
      ...(foreign && {
        note: `It changes what production reads. If that is meant: ${forStack('STAGING_PRODUCTION_CHANGES=allow pulumi up')}`,
      }),
    });
  });
}

/** Every place whose value comes from the vault, and that the stack has. */
function uses(settings: Settings, recorded: Recorded): Use[] {
  const { netlify, placements } = settings;
  const referenceOf = (given: Source): string | undefined => {
    const source = resolvedSource(settings, given);
    return source.kind === 'reference' ? source.reference : undefined;
  };
  const variables = netlify.variables.flatMap(({ name, values }) =>
    values.flatMap(({ context, source }): Use[] => {
      const reference = referenceOf(source);
      const written = recorded.variables.get(name)?.values.get(context);
      const foreign = !netlify.contexts.includes(context);
      return reference === undefined
        ? []
        : [
            {
              name,
              reference,
              wantedBy: `${name} (${context})`,
              resource: netlifyResource(name),
              context,
              written,
              foreign,
            },
          ];
    }),
  );
  const placed = managedPlacements(placements).flatMap((placement): Use[] => {
    const { name, place, source } = placement;
    const reference = referenceOf(source);
    const resource = resourceName(placement);
    const written = recorded.placed.get(resource)?.value;
    const wantedBy = `${name} (${placeTitle(placement)})`;
    // The Edge Functions of the shared project are production's too.
    return reference === undefined
      ? []
      : [{ name, reference, wantedBy, resource, written, foreign: place === 'edgeFunction' }];
  });
  return [...variables, ...placed];
}
