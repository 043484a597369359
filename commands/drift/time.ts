/**
 * The provider records its own clock, to the second, after Netlify's answer: two clocks may differ a little. A change
 * by somebody else within this time of an update would pass unseen; a false alarm would stay for ever.
 */
const toleranceMs = 2000;

/** Whether `time` is later than `than` by more than two clocks can differ. Unknown times are not. */
export function isLater(time: string | undefined, than: string | undefined): boolean {
  if (time === undefined || than === undefined) return false;
  return Date.parse(time) > Date.parse(than) + toleranceMs;
}

const day = 86_400_000;

/** Whole days from `time` until `now` (milliseconds); `undefined` for an unknown time. */
export function ageInDays(time: string | undefined, now: number): number | undefined {
  return time === undefined ? undefined : Math.floor((now - Date.parse(time)) / day);
}
