import * as pulumi from '@pulumi/pulumi';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Judged } from '../../guards/judged.ts';

afterEach(() => void jest.restoreAllMocks());

/** A resource whose registration ends when the test says so. */
function registered(): { resource: pulumi.Resource; end: () => void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  const urn = pulumi.output(promise);
  return { resource: { urn } as unknown as pulumi.Resource, end: () => resolve('urn') };
}
const args = {} as pulumi.ResourceHookArgs;
const refuse = () => Promise.reject(new Error('refused'));

describe('a refusal', () => {
  it('waits in a preview until every other resource is judged, so that it cuts off no policy', async () => {
    jest.spyOn(pulumi.runtime, 'isDryRun').mockReturnValue(true);
    const judged = new Judged();
    const [first, second, own] = [registered(), registered(), registered()];
    judged.expect([first, second, own].map(({ resource }) => resource));
    let ended = false;
    const refusal = judged
      .before(refuse)(args)
      .catch((error: unknown) => {
        ended = true;
        return error;
      });
    first.end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    second.end();
    // The refused resource itself is never registered, and counts as judged: long before the limit.
    const late = new Promise((resolve) => setTimeout(resolve, 2_500, 'late').unref());
    expect(await Promise.race([refusal, late])).toEqual(new Error('refused'));
  });

  it('is at once in an update, and what is not refused waits for nothing', async () => {
    jest.spyOn(pulumi.runtime, 'isDryRun').mockReturnValue(false);
    const judged = new Judged();
    judged.expect([registered().resource, registered().resource]);
    await expect(judged.before(refuse)(args)).rejects.toThrow('refused');
    await expect(judged.before(() => Promise.resolve())(args)).resolves.toBeUndefined();
  });
});
