import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { whatIsLeft } from '../../../commands/rotate/leak/whatIsLeft.ts';
import type { Prepared } from '../../../commands/rotate/prepare.ts';
import { openStaging } from '../../../deploys/stagingServices.ts';
import type { VaultValue } from '../../../leaks/vaultValues.ts';
import { Journals } from '../../../rotation/journal.ts';
import { planOf } from '../../../rotation/plan.ts';
import { notLooked } from '../../../rotation/readBy.ts';
import { subjectOf } from '../../../rotation/subject.ts';
import { serveAll } from '../../../sandbox/server/serve.ts';
import { Secret } from '../../../secrets/secret.ts';

let status: number;
let vendor: Awaited<ReturnType<typeof serveAll>>;
let folder: string;
const { env: before } = process;
beforeAll(async () => {
  vendor = await serveAll([{ name: 'supabase', handle: () => Promise.resolve({ status, body: [] }) }]);
});
afterAll(() => vendor.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'left-'));
  process.env = { ...before, SUPABASE_API_ENDPOINT: vendor.urls.supabase ?? '' };
});
afterEach(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

/** What is left of a token of this name that a rotation has replaced. */
function left(name: string, checked: boolean) {
  const staging = openStaging('staging');
  const subject = subjectOf(staging.settings, name);
  const plan = planOf(staging.settings, subject, { members: [], apart: [], legacy: false }, 0);
  const prepared: Prepared = {
    ...{ plan, readers: notLooked, values: undefined, journals: new Journals(folder), overlapSeconds: 0 },
  };
  const secret = new Secret('made up');
  const leaked: VaultValue = {
    ...{ name, references: [], state: 'previous', mark: undefined, secret },
    reveal: () => secret.reveal(),
  };
  return whatIsLeft(staging, leaked, prepared, checked);
}

describe('a token that leaked and was replaced is', () => {
  it('valid while its vendor takes it, whatever anybody says', async () => {
    status = 200;
    expect(await left('SUPABASE_ACCESS_TOKEN', true)).toMatchObject({
      isOver: false,
      text: expect.stringContaining('was replaced, and Supabase still takes the one that leaked. Revoke it: '),
    });
  });

  it('over where its vendor refuses it, whether anybody says so or not', async () => {
    status = 401;
    expect(await left('SUPABASE_ACCESS_TOKEN', false)).toMatchObject({
      isOver: true,
      text: expect.stringContaining('was revoked before (Supabase refuses it)'),
    });
  });

  it('over by a person’s word alone, where nobody can ask its vendor', async () => {
    expect(await left('OPENAI_API_KEY', false)).toMatchObject({
      isOver: false,
      text: expect.stringContaining('cannot be seen from here'),
    });
    expect(await left('OPENAI_API_KEY', true)).toMatchObject({ isOver: true });
  });
});
