import { holderText, type OtherHolder } from '../settings/otherHolders.ts';
import type { PlannedWrite } from './plannedWrite.ts';

/**
 * What a write that gives staging a new key leaves behind: the declared places that still hold the old one, or one of
 * their own. `undefined` when it rotates nothing, or everybody gets the new key. Never names a value.
 */
export function rotationLeaves(
  { key, planned, previous }: PlannedWrite,
  stagingContexts: readonly string[],
  holders: readonly OtherHolder[],
): string | undefined {
  const staging = [...planned].filter(([context]) => stagingContexts.includes(context));
  const rotated = staging.filter(([context, value]) => {
    const before = previous?.get(context);
    return before !== undefined && value !== undefined && before !== value;
  });
  if (rotated.length === 0) return undefined;
  const [old, fresh] = [rotated.map(([context]) => previous?.get(context)), rotated.map(([, value]) => value)];
  const valueAt = (place: string) => [...planned].find(([context]) => context === place)?.[1];
  // What stands under another name is none of this write.
  const held = ({ place, name }: OtherHolder) => (name === undefined ? valueAt(place) : undefined);
  const left = holders.filter((holder) => !fresh.includes(held(holder)));
  if (left.length === 0) return undefined;
  const isOld = left.some((holder) => old.includes(held(holder)));
  return (
    `${key} is rotated for ${rotated.map(([context]) => context).join(' and ')} alone. ${isOld ? 'THE OLD ONE IS STILL HELD' : 'Another value is held'} ` +
    `by ${left.map(holderText).join(', ')}. Do not revoke the old key before each of these has the new one and has been deployed.`
  );
}
