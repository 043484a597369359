import { afterEach, expect, it, jest } from '@jest/globals';
import { waitForEnd } from '../../commands/recover/providers.ts';

const place = { root: '/nowhere', project: 'p', stack: 'staging' };
afterEach(() => {
  jest.restoreAllMocks();
});

it('recover --wait asks until nobody of the killed run is left, and says once whom it waits for', async () => {
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const seen = [[{ pid: 11 }, { pid: 12 }], [{ pid: 12 }], []];
  let asked = 0;
  await waitForEnd(place, () => Promise.resolve(seen[asked++] ?? []), 1);
  expect(asked).toBe(3);
  expect(said.mock.calls.map(([text]) => text)).toEqual(['Waiting for the killed run to end: process 11, 12 …\n']);
});

it('recover --wait gives up after eleven minutes, names who does not end, and has done nothing', async () => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const now = Date.now();
  let minutes = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => now + minutes * 60_000);
  await expect(
    waitForEnd(
      place,
      () => {
        minutes += 4;
        return Promise.resolve([{ pid: 11 }]);
      },
      1,
    ),
  ).rejects.toThrow('Nothing was done: these do not end: 11.');
  expect(minutes).toBe(12);
});
