import { describe, expect, it } from '@jest/globals';
import { inTheWay, notLooked, type ReadBy } from '../../rotation/readBy.ts';

const looked = (...ofPlatform: readonly string[]): ReadBy => ({ lines: [], readers: [], undeclared: [], ofPlatform });

describe('what stands in the way of disabling the legacy keys', () => {
  it('is code of Edge Functions that reads a key which Supabase provides', () => {
    expect(inTheWay(looked('functions/a.ts:3'), true)).toEqual([expect.stringMatching(/^functions\/a\.ts:3, code/)]);
    expect(inTheWay(looked(), true)).toEqual([]);
  });

  it('is also that nobody has read the sources: production’s functions may read such a key', () => {
    expect(inTheWay(notLooked, true)).toEqual([expect.stringMatching(/--app PATH/)]);
  });

  it('is nothing where a key is revoked by itself', () => {
    expect(inTheWay(looked('functions/a.ts:3'), false)).toEqual([]);
    expect(inTheWay(notLooked, false)).toEqual([]);
  });
});
