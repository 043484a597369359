import { UnknownValueError } from '@pulumi/policy';

/** A copy of a resource's properties in which everything that a preview does not know yet is `undefined`. */
export function known(value: unknown): unknown {
  if (Array.isArray(value)) return [...value.keys()].map((index) => known(read(value, index)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, known(read(value, key))]));
}

/** Reading an unknown value throws. */
function read(parent: object, key: string | number): unknown {
  try {
    return Reflect.get(parent, key);
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}
