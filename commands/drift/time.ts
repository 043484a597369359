const day = 86_400_000;

/** Whole days from `time` until `now` (milliseconds); `undefined` for an unknown time. */
export function ageInDays(time: string | undefined, now: number): number | undefined {
  return time === undefined ? undefined : Math.floor((now - Date.parse(time)) / day);
}
