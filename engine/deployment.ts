import { secretOutputsOf } from '../settings/stack/secretProperties.ts';

/** A stack's state as `pulumi stack export` prints it, as far as adoption touches it. */
export interface Export {
  readonly version: number;
  readonly deployment: {
    readonly resources?: readonly ExportedResource[];
    readonly [other: string]: unknown;
  };
}

/** One resource in a stack's state. */
export interface ExportedResource {
  readonly urn: string;
  readonly id?: string;
  readonly type: string;
  readonly provider?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly additionalSecretOutputs?: readonly string[];
  readonly [other: string]: unknown;
}

/** The logical name in a URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf('::') + 2);
}

/** The stack in a URN, which begins with `urn:pulumi:STACK::PROJECT::`. */
export function stackOf(urn: string): string {
  return urn.slice(0, urn.indexOf('::')).split(':').at(-1) ?? '';
}

/** Pulumi's mark of a secret in an exported state. */
export const secretMark = '4dabf18193072939515e22adb298388d';
const secretKind = '1b47061264138c4ac30d75fd1eb44270';

/** A value as a secret in a state: Pulumi encrypts it when it takes the state in. */
export function asSecret(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && secretMark in value) return value;
  return { [secretMark]: secretKind, plaintext: JSON.stringify(value) };
}

/**
 * A resource as the stack may hold it after an import. Its values are marked secret wherever the provider left them
 * plain, and so will be what a later refresh fills in. It is retained: whatever leaves the configuration next, even before the first `pulumi up`, and whatever is
 * replaced, stays on the service. The engine asks the state for that, not the program.
 */
export function adopted(resource: ExportedResource): ExportedResource {
  const secretOutputs = secretOutputsOf(resource.type);
  const mark = (properties: Record<string, unknown> | undefined) =>
    properties &&
    Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [
        key,
        secretOutputs.includes(key) && value != null ? asSecret(value) : value,
      ]),
    );
  const { inputs, outputs, ...rest } = resource;
  const external = resource.custom === true && !resource.type.startsWith('pulumi:providers:');
  return {
    ...rest,
    ...(external && { retainOnDelete: true }),
    ...(inputs && { inputs: mark(inputs) ?? {} }),
    ...(outputs && { outputs: mark(outputs) ?? {} }),
    ...(secretOutputs.length > 0 && { additionalSecretOutputs: secretOutputs }),
  };
}

/**
 * The environment's component as the program declares it: protected, so that `pulumi destroy` stops there between the
 * adoption and the first `pulumi up`, too.
 */
export function guardedFromDestroy(resource: ExportedResource, allowDestroy: boolean): ExportedResource {
  return resource.type === 'allincompassing:index:StagingEnvironment'
    ? { ...resource, protect: !allowDestroy }
    : resource;
}

/** How Pulumi's bridge gets the provider's own state back out of the outputs: by what differs. */
const bridgeDelta = '__pulumi_raw_state_delta';

/**
 * A resource with further outputs. What the bridge has noted would put a property that was not there back to nothing, at
 * the next refresh at the latest; without that note it goes by the outputs, which is Pulumi's advice for edited states.
 */
export function withOutputs(resource: ExportedResource, outputs: Record<string, unknown>): ExportedResource {
  const known = Object.entries(resource.outputs ?? {}).filter(([key]) => key !== bridgeDelta);
  return { ...resource, outputs: { ...Object.fromEntries(known), ...outputs } };
}

/**
 * The state with the imported resources added: what it holds already stays as it is, and imported resources use its
 * providers where it has them.
 */
export function merged(state: Export, imported: readonly ExportedResource[]): Export {
  const present = state.deployment.resources ?? [];
  const providers = new Map(
    present.filter(({ type }) => type.startsWith('pulumi:providers:')).map((each) => [each.urn, each.id ?? '']),
  );
  const added = imported
    .filter(({ urn }) => !present.some((each) => each.urn === urn))
    .map((resource) => {
      const urn = resource.provider?.slice(0, resource.provider.lastIndexOf('::')) ?? '';
      const id = providers.get(urn);
      return id === undefined ? resource : { ...resource, provider: `${urn}::${id}` };
    });
  return { ...state, deployment: { ...state.deployment, resources: [...present, ...added] } };
}
