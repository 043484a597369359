import { digestOf } from '../places/edgeFunction/digest.ts';
import type { LivePlaced } from '../places/service.ts';
import type { RecordedValue } from './recorded.ts';

/** How a value is seen to be another one than the last update wrote; `undefined` when it is the same, or nobody can know. */
export function changeOf(written: RecordedValue, live: LivePlaced): 'value' | 'time' | 'no-record' | undefined {
  const value = written.value?.reveal();
  const shown = live.value ?? live.digest;
  if (shown !== undefined) {
    if (value === undefined) return undefined;
    return shown === (live.value === undefined ? digestOf(value) : value) ? undefined : 'value';
  }
  // Both times are the service's own, to the second: any difference is somebody's write, and without a record nobody knows.
  if (written.updatedAt === undefined) return 'no-record';
  return Date.parse(live.updatedAt ?? '') === Date.parse(written.updatedAt) ? undefined : 'time';
}
