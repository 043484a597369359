import { Secret, UnknownValueError } from '@pulumi/policy';

/** One value in a resource's properties. */
export interface Leaf {
  /** Where it stands: `secretValues[0].value`. */
  readonly path: string;
  /** The property that holds it, without array indices: `value`. */
  readonly key: string;
  /** What the value is called: the property's name, or the `key` or `name` beside it when the property is called `value` or the like. */
  readonly name: string;
  /** The value as text; `undefined` while it is unknown in a preview. */
  readonly value: string | undefined;
  /** Whether the program marked it, or something around it, as secret. Only a remediation can see that. */
  readonly marked: boolean;
}

/** Properties whose own name says nothing about the value in them. */
const carriers =
  /^(?:values?|secretValues?|plaintextValue|encryptedValue|content|contents|default|data|text|secret|string)$/i;

/** Properties beside a carrier that say what the value is called. */
const labels = ['secretName', 'variableName', 'key', 'name'];

interface Place {
  readonly path: string;
  readonly key: string;
  readonly label: string | undefined;
  readonly marked: boolean;
}

/** Every text in a resource's properties, with its name, through the proxies that the policy SDK hands out. */
export function leavesOf(props: unknown): Leaf[] {
  return [...below(props, { path: '', key: '', label: undefined, marked: false })];
}

function* below(value: unknown, place: Place): Generator<Leaf> {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    yield { ...named(place), value: String(value) };
  } else if (value instanceof Secret) {
    yield* below(value.value as unknown, { ...place, marked: true });
  } else if (Array.isArray(value)) {
    for (const index of value.keys()) yield* child(value, index, { ...place, path: `${place.path}[${index}]` });
  } else if (typeof value === 'object' && value !== null) {
    const label = labelOf(value) ?? place.label;
    for (const key of Object.keys(value)) {
      yield* child(value, key, { path: place.path ? `${place.path}.${key}` : key, key, label, marked: place.marked });
    }
  }
}

/** A property's value, or an unknown leaf in its place: reading an unknown value throws. */
function* child(parent: object, key: string | number, place: Place): Generator<Leaf> {
  // The descriptor shows the wrapper of a secret value; reading the property would unwrap it.
  const wrapped = Object.getOwnPropertyDescriptor(parent, key)?.value instanceof Secret;
  const inside = { ...place, marked: place.marked || wrapped };
  let value: unknown;
  try {
    value = (parent as Record<string | number, unknown>)[key];
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    yield { ...named(inside), value: undefined };
    return;
  }
  yield* below(value, inside);
}

function named({ path, key, label, marked }: Place): Omit<Leaf, 'value'> {
  return { path, key, name: label !== undefined && carriers.test(key) ? label : key, marked };
}

function labelOf(value: object): string | undefined {
  for (const key of labels) {
    try {
      const label = (value as Record<string, unknown>)[key];
      if (typeof label === 'string') return label;
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
    }
  }
  return undefined;
}
