import { jest } from '@jest/globals';

/** How much shorter than usual each pause is: a test of patience is not one of the tester's. */
export const haste = 20;

jest.mock('node:timers/promises', () => {
  const timers = jest.requireActual<typeof import('node:timers/promises')>('node:timers/promises');
  const hasty: typeof timers.setTimeout = (milliseconds = 0, ...more) =>
    timers.setTimeout(milliseconds / haste, ...more);
  return { ...timers, setTimeout: hasty };
});
