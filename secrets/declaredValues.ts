import * as pulumi from '@pulumi/pulumi';
import { placeTitle } from '../places/places.ts';
import type { Settings, Source } from '../settings/settings.ts';
import { isUuid } from '../settings/names/uuid.ts';
import { judgeValues } from './limits.ts';
import { valueOf } from './valueOf.ts';
import { resolveReferences, type Wanted } from './vault.ts';
import { vaultAccess, type VaultAccess } from './vaultAccess.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

declare const secretOutput: unique symbol;

/** An Output that Pulumi holds as a secret: the only form in which a value reaches a resource's input. */
export type SecretOutput = pulumi.Output<string> & { readonly [secretOutput]: true };

/** A value as declared: what to write, and whether this run knows it. */
export interface DeclaredValue {
  readonly value: SecretOutput;
  /** The vault was not read: the value is unknown, and a preview must leave the stored one as it is. */
  readonly unread: boolean;
}

/** The declared value of each source. */
export interface DeclaredValues {
  /** Whether the vault was read. */
  readonly vaultWasRead: boolean;
  of(source: Exclude<Source, { kind: 'siteId' }>): DeclaredValue;
}

/** Marks a value as a secret of Pulumi's. */
export function secretOutputOf(value: pulumi.Input<string>): SecretOutput {
  return pulumi.secret(value) as SecretOutput;
}

/** Refuses an organisation id that is not a UUID; the value itself is not repeated. */
export class OrganizationIdError extends Error {
  override readonly name = 'OrganizationIdError';
}

/** Refuses values that a service would refuse half way through an update. */
class ValueLimitError extends Error {
  override readonly name = 'ValueLimitError';
}

/**
 * Reads the vault once, before anything is declared, and derives every declared value from that one read.
 * Without vault access a preview goes on with unknown values; an update throws.
 */
export async function readDeclaredValues(
  settings: Settings,
  access: VaultAccess = vaultAccess(),
  isPreview: boolean = pulumi.runtime.isDryRun(),
): Promise<DeclaredValues> {
  if (access.kind === 'none') {
    if (!isPreview) {
      throw new Error(
        `No access to 1Password, so nothing was changed: \`${forStack('pulumi up')}\` needs the values. ` +
          `Set OP_SERVICE_ACCOUNT_TOKEN, or OP_ACCOUNT for the desktop app, and run it again. \`${forStack('pulumi preview')}\` works without.`,
      );
    }
    await pulumi.log.info('1Password was not read (no access): structure is compared, values are left as they are.');
    return withoutVault();
  }
  const secrets = await resolveReferences(access, wantedReferences(settings));
  const plain = (source: Source): string => {
    switch (source.kind) {
      case 'reference':
        return valueOf(secrets, source.reference);
      case 'literal':
        return source.value;
      case 'organizationId':
        return plain(settings.organizationId);
      case 'siteId':
        throw new Error('the site’s id is not in the vault');
    }
  };
  const organizationId = plain(settings.organizationId);
  if (!isUuid(organizationId)) {
    throw new OrganizationIdError(
      'allincompassing:organizationId is not a UUID; nothing was changed. Correct it in ' +
        (settings.organizationId.kind === 'reference' ? settings.organizationId.reference : 'Pulumi.staging.yaml') +
        '.',
    );
  }
  const { errors, warnings } = judgeValues(settings, (source) =>
    source.kind === 'siteId' ? undefined : plain(source),
  );
  if (errors.length > 0)
    throw new ValueLimitError(`Nothing was changed: ${errors.map((each) => `${each}.`).join(' ')}`);
  for (const each of warnings) await pulumi.log.warn(`${each}.`);
  // One output for the organisation id: every target holds this very one.
  const organization: DeclaredValue = { value: secretOutputOf(organizationId), unread: false };
  return {
    vaultWasRead: true,
    of: (source) =>
      source.kind === 'organizationId' ? organization : { value: secretOutputOf(plain(source)), unread: false },
  };
}

function withoutVault(): DeclaredValues {
  const unread: DeclaredValue = {
    value: secretOutputOf(pulumi.output(pulumi.unknown as unknown as string)),
    unread: true,
  };
  return {
    vaultWasRead: false,
    of: (source) => (source.kind === 'literal' ? { value: secretOutputOf(source.value), unread: false } : unread),
  };
}

/** Every reference that the settings name, with who wants it. */
export function wantedReferences(settings: Settings): Wanted[] {
  const wanted: Wanted[] = [];
  const add = (source: Source, wantedBy: string): void => {
    if (source.kind === 'reference') wanted.push({ reference: source.reference, wantedBy });
    if (source.kind === 'organizationId') add(settings.organizationId, wantedBy);
  };
  add(settings.organizationId, 'organizationId');
  for (const { name, values } of settings.netlify.variables) {
    const sources = new Set(values.map(({ source }) => source));
    for (const source of sources) {
      const contexts = values.filter((value) => value.source === source).map(({ context }) => context);
      add(source, `${name} (Netlify ${contexts.join(' and ')})`);
    }
  }
  for (const each of settings.placements) {
    if (each.place !== 'localFile') add(each.source, `${each.name} (${placeTitle(each)})`);
  }
  return wanted;
}
