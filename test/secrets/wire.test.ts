import { describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { withoutSecretMarks } from '../../secrets/wire.ts';

/** A secret as the engine's wire has it. */
const onTheWire = (value: unknown) => ({ [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value });

describe('property values as a hook gets them', () => {
  it.each<[string, unknown, unknown]>([
    ['an Output', pulumi.secret('x'), 'x'],
    ['an Output of an Output', pulumi.secret({ a: [pulumi.secret('x')] }), { a: ['x'] }],
    ['a mark of the wire', onTheWire('x'), 'x'],
    ['a mark within a mark', onTheWire({ a: onTheWire(['x']) }), { a: ['x'] }],
    ['a list', [onTheWire('x'), 1, null], ['x', 1, null]],
    ['an object', { a: { b: onTheWire(true) }, c: undefined }, { a: { b: true }, c: undefined }],
    ['a plain value', 'x', 'x'],
    ['nothing', null, null],
    ['no value', undefined, undefined],
  ])('are bare: %s', async (_, value, bare) => {
    expect(await withoutSecretMarks(value)).toEqual(bare);
  });

  it('keep what is not known yet', async () => {
    const output = pulumi.output({ known: 'x', unknown: pulumi.unknown });
    const { known, unknown } = (await withoutSecretMarks(output)) as Record<string, unknown>;
    expect([known, pulumi.isUnknown(unknown)]).toEqual(['x', true]);
    expect(await withoutSecretMarks(pulumi.unknown)).toBe(pulumi.unknown);
  });
});
