import { describe, expect, it } from '@jest/globals';
import { explainUpdate } from '../../../commands/rotate/heldStack.ts';
import { lockedBy } from '../../../engine/heldLocks.ts';
import { PulumiError } from '../../../engine/pulumi.ts';
import { WaitsError } from '../../../rotation/ports.ts';
import { parseSettings } from '../../../settings/settings.ts';
import { valid } from '../../settings/raw.ts';

const raw = valid();
Object.assign(raw.values, {
  OPENAI_API_KEY: { from: 'op://Platform/Supabase/openai', netlify: { secret: true } },
  LOG_LEVEL: { from: 'op://Platform/Supabase/level', netlify: true },
});
const settings = parseSettings(raw);
const lock = { place: 'file:///state', user: 'ann', host: 'laptop', pid: 1, since: '2026-01-01T00:00:00Z' };
const held = new PulumiError(lockedBy([lock]), [], [lock]);

describe('an update that finds the stack held', () => {
  it('waits for a person, and names the command that knows of the secret keys which the killed update wrote', () => {
    const error = explainUpdate(held, ['netlify-OPENAI_API_KEY', 'netlify-LOG_LEVEL'], settings);
    expect(error).toBeInstanceOf(WaitsError);
    expect(String(error)).toMatch(/locked by ann@laptop \(process 1\) since .*npm run recover\n/);
    expect(String(error)).toMatch(/nobody has changed OPENAI_API_KEY .*: npm run recover -- --arrived OPENAI_API_KEY$/);
  });

  it('names no key where the update writes none whose value nobody can read', () => {
    const error = explainUpdate(held, ['netlify-LOG_LEVEL', 'github-OPENAI_API_KEY'], settings);
    expect([error instanceof WaitsError, String(error)]).toEqual([true, expect.not.stringContaining('--arrived')]);
  });
});

it('every other failure of an update stays what it is', () => {
  for (const other of [new PulumiError('update failed'), new Error('no answer')])
    expect(explainUpdate(other, ['netlify-OPENAI_API_KEY'], settings)).toBe(other);
});
