import * as pulumi from '@pulumi/pulumi';

/**
 * Property values as the engine sends them to a hook, without what it wraps around secrets: the values are bare from
 * here on. An unknown stays `pulumi.unknown`.
 */
export async function withoutSecretMarks(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) return withoutSecretMarks(await outputValue(value));
  if (pulumi.runtime.isRpcSecret(value)) return withoutSecretMarks(pulumi.runtime.unwrapRpcSecret(value));
  if (pulumi.isUnknown(value)) return value;
  if (Array.isArray(value)) return Promise.all(value.map(withoutSecretMarks));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, inner]) => [key, await withoutSecretMarks(inner)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** An Output's value with its unknowns in place; `apply` would never call back for those in a preview. */
function outputValue(output: pulumi.Output<unknown>): Promise<unknown> {
  // Not in the SDK's types, yet what it uses itself: without it, a hook cannot see a value that is partly unknown.
  return (output as unknown as { promise(withUnknowns: boolean): Promise<unknown> }).promise(true);
}
