import {
  Secret,
  unknownCheckingProxy,
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from '@pulumi/policy';
import { runtime } from '@pulumi/pulumi';

/** What a value looks like to a policy while it is unknown in a preview. */
export const unknown = runtime.unknownValue;

/** The proxy that the policy SDK hands out; its declaration is missing in the package. */
const checking = unknownCheckingProxy as unknown as (value: unknown) => Record<string, unknown>;

/** A resource as a test writes it. `new Secret(…)` in the properties is what the program marked as secret. */
export interface Given {
  readonly type: string;
  readonly props: Record<string, unknown>;
  readonly name?: string;
  readonly config?: object;
  /** Custom resources have one; components and the stack have none. */
  readonly provider?: boolean;
}

const notApplicable = (reason?: string): never => {
  throw new NotApplicable(reason);
};

/** A policy said that it does not apply. */
export class NotApplicable extends Error {}

function unwrapped(value: unknown): unknown {
  if (value instanceof Secret) return unwrapped(value.value as unknown);
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapped(inner)]));
}

function urnOf({ type, name = 'it' }: Given): string {
  return `urn:pulumi:staging::app::${type}::${name}`;
}

function argsOf(given: Given, props: Record<string, unknown>): ResourceValidationArgs {
  return {
    type: given.type,
    props,
    urn: urnOf(given),
    name: given.name ?? 'it',
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig: () => (given.config ?? {}) as never,
    notApplicable,
  };
}

/** The violations of one resource, as the engine gets them: first what a remediation sees, then the validation. */
export async function resourceViolations(
  policy: ResourceValidationPolicy,
  given: Given,
  observer = policy,
): Promise<string[]> {
  const messages: string[] = [];
  await observer.remediateResource?.(argsOf(given, given.props));
  const props = checking(unwrapped(given.props));
  const validate = policy.validateResource;
  if (typeof validate !== 'function') throw new Error(`${policy.name} validates no resource`);
  await validate(argsOf(given, props), (message) => messages.push(message));
  return messages;
}

/** The violations of a stack with these resources. */
export async function stackViolations(
  policy: StackValidationPolicy,
  resources: readonly Given[],
  config: object = {},
): Promise<string[]> {
  const messages: string[] = [];
  await policy.validateStack(
    {
      resources: resources.map((given): PolicyResource => {
        const { type, urn, name, opts } = argsOf(given, given.props);
        const props = checking(unwrapped(given.props));
        const provider = { type: 'pulumi:providers:x', props: {}, urn: 'urn', name: 'x' };
        return {
          type,
          props,
          urn,
          name,
          opts,
          dependencies: [],
          propertyDependencies: {},
          isType: () => false,
          asType: () => undefined,
          ...(given.provider && { provider }),
        };
      }),
      stackTags: new Map(),
      getConfig: () => config as never,
      notApplicable,
    },
    (message) => messages.push(message),
  );
  return messages;
}
