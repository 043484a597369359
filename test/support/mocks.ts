import * as pulumi from '@pulumi/pulumi';

/** One registered resource as the engine would get it; secrets keep their marks. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** What a mocked function answers, by token. */
export type Functions = Readonly<Record<string, Record<string, unknown>>>;

/**
 * Mocks that accept these resource types and functions, and throw at any other: a test that registers something new must
 * say so. Yields the list of registrations, which grows as they arrive.
 */
export async function strictMocks(types: readonly string[], functions: Functions = {}): Promise<Registration[]> {
  const registrations: Registration[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (!types.includes(type)) throw new Error(`the mocks do not know the type ${type}`);
        registrations.push({ type, name, inputs: inputs as Record<string, unknown> });
        return {
          id: `${name}-id`,
          state: { ...(inputs as object), lastUpdated: '2026-01-01T00:00:00Z', updatedAt: '2026-01-02' },
        };
      },
      call: ({ token }) => {
        const answer = functions[token];
        if (!answer) throw new Error(`the mocks do not know the function ${token}`);
        return answer;
      },
    },
    'allincompassing',
    'staging',
    false,
  );
  return registrations;
}

/** An Output's value; fails with a message instead of hanging when it never comes. */
export function valueOf<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the output has no value after 5 s')), 5000);
    output.apply((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** The value under Pulumi's mark of a secret on the wire; throws when it is not marked. */
export function secretOnTheWire(value: unknown): unknown {
  if (!pulumi.runtime.isRpcSecret(value)) throw new Error('the value is not a secret on the wire');
  return pulumi.runtime.unwrapRpcSecret(value) as unknown;
}
