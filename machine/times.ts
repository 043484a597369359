/** A time in milliseconds, for comparison: services write the same moment with and without fractions, and in other zones. */
function at(time: string | undefined): number {
  const milliseconds = Date.parse(time ?? '');
  return Number.isNaN(milliseconds) ? -Infinity : milliseconds;
}

/** Whether the first time (ISO 8601) is earlier; one that is not known is earlier than all others. */
export function isBefore(one: string | undefined, other: string | undefined): boolean {
  return at(one) < at(other);
}

/** For `sort`: the newest first. */
export function newestFirst(one: string | undefined, other: string | undefined): number {
  return isBefore(one, other) ? 1 : isBefore(other, one) ? -1 : 0;
}

/** Whether both are the same moment, however it is written. Two that are not known are the same only as texts. */
export function isSameTime(one: string | undefined, other: string | undefined): boolean {
  return one === other || (at(one) === at(other) && at(one) !== -Infinity);
}

const day = 86_400_000;

/** Whole days from a time (ISO 8601) until `now` (milliseconds); 0 where it is not known. */
export function ageInDays(time: string | undefined, now: number): number {
  return time === undefined ? 0 : Math.floor((now - Date.parse(time)) / day);
}

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
