import * as pulumi from '@pulumi/pulumi';
import { recordDone, type Write } from '../audit/trail.ts';
import { placeOfType, placeResources } from '../places/places.ts';
import { withoutSecretMarks } from '../secrets/wire.ts';
import { contextOf } from '../settings/context.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** What the engine says of a resource that it has just written. */
interface WrittenResource {
  readonly type: string;
  readonly name: string;
  /** Without marks of secrets. */
  readonly inputs: Inputs;
  /** Of an update: what stood there before, as the state had it. */
  readonly before: Inputs | undefined;
}

/** A hook that adds an audit line after a resource was created or updated. The engine does not call it in a preview. */
export function auditHook(): pulumi.ResourceHook {
  return new pulumi.ResourceHook('audit', async ({ type, name, newInputs, oldInputs }) => {
    const inputs = (await withoutSecretMarks(newInputs ?? {})) as Inputs;
    const before = oldInputs && ((await withoutSecretMarks(oldInputs)) as Inputs);
    const writes = writesOf({ type, name, inputs, before });
    if (writes.length > 0) await recordDone({ action: before === undefined ? 'create' : 'update', writes });
  });
}

/** The hook's binding: none without a hook. */
export function audited(hook: pulumi.ResourceHook | undefined): pulumi.ResourceHookBinding {
  return hook === undefined ? {} : { afterCreate: [hook], afterUpdate: [hook] };
}

/** What was written, place by place: of a Netlify key the contexts whose value is new. */
export function writesOf({ type, name, inputs, before }: WrittenResource): Write[] {
  if (type.endsWith(':EnvironmentVariable')) {
    const key = String(inputs.key);
    const old = before && netlifyValues(before);
    return [...netlifyValues(inputs)].flatMap(([context, value]) =>
      old?.get(context) === value && old?.has(context) === true
        ? []
        : [{ place: 'netlify', name: key, in: context, value }],
    );
  }
  const place = placeOfType(type);
  if (place === undefined) return [{ place: type.split(':').at(-1) ?? type, name }];
  const { name: thing, environment } = placeResources[place].thingIn(inputs);
  const value = placeResources[place].valueIn(inputs);
  return [
    {
      place,
      name: thing,
      ...(typeof environment === 'string' && { in: environment }),
      ...(typeof value === 'string' && { value }),
    },
  ];
}

function netlifyValues({ values, secretValues }: Inputs): Map<string, string | undefined> {
  const list = [secretValues, values].find(Array.isArray) ?? [];
  return new Map(
    list.map((each: { readonly context: string; readonly contextParameter?: string; readonly value?: unknown }) => [
      contextOf(each),
      typeof each.value === 'string' ? each.value : undefined,
    ]),
  );
}
