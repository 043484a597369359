import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readTrail } from '../../../audit/file.ts';
import { audited, openTrail } from '../../../audit/trail.ts';
import { realPorts, type Given } from '../../../commands/rotate/ports.ts';
import { refusal } from '../../../commands/rotate/unfit.ts';
import { openStaging } from '../../../deploys/stagingServices.ts';
import { planOf } from '../../../rotation/plan.ts';
import { notLooked, type CannotTake, type ReadBy } from '../../../rotation/readBy.ts';
import { subjectOf } from '../../../rotation/subject.ts';
import { VaultSession } from '../../../secrets/vault.ts';

const use = (isGiven: boolean): CannotTake => ({
  ...{ name: 'SUPABASE_SERVICE_ROLE_KEY', at: 'a.ts:1', why: 'sends it as a bearer token', isGiven },
});
const looked = (...cannotTake: readonly CannotTake[]): ReadBy => ({ ...notLooked, lines: [], cannotTake });
const scope = (legacy: boolean) => ({ scope: { members: [], apart: [], legacy } });

describe('a rotation does not begin', () => {
  it.each([
    ['where code would get a key that it cannot use', looked(use(true)), true, /1 use of the key .*--code-checked/],
    [
      'where nobody has read whether code can use a key of the new kind',
      notLooked,
      true,
      /nobody has read.*--app PATH/,
    ],
    ['— but it does where the sources have no such code', looked(use(false)), true, undefined],
    ['— but it does where the key is of the new kind already', notLooked, false, undefined],
  ])('%s', (_, readers, legacy, why) => {
    const asked = refusal(readers, scope(legacy), { codeChecked: false });
    if (why === undefined) expect(asked).toBeUndefined();
    else expect(asked).toMatch(why);
    expect(refusal(readers, scope(legacy), { codeChecked: true })).toBeUndefined();
  });
});

describe('the real questions of a rotation', () => {
  const key = 'k'.repeat(40);
  let folder: string;
  let before: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'unfit-'));
    before = process.env.STAGING_AUDIT_FILE;
    process.env.STAGING_AUDIT_FILE = join(folder, 'trail.jsonl');
    openTrail({ stack: 'staging', command: 'rotate', file: () => undefined, key: () => Promise.resolve(key) });
  });
  afterEach(() => {
    if (before === undefined) delete process.env.STAGING_AUDIT_FILE;
    else process.env.STAGING_AUDIT_FILE = before;
    rmSync(folder, { recursive: true });
  });

  const given: Given = {
    ...{ yes: true, project: undefined, smoke: undefined, timeoutMs: 1, back: false },
    ...{ checked: false, codeChecked: false, althoughUsed: false },
  };
  /** Those of another vendor's token: nobody asks Supabase for its keys' names. */
  function ports(readers: ReadBy, options: Partial<Given> = {}) {
    const staging = openStaging('staging');
    const subject = subjectOf(staging.settings, 'OPENAI_API_KEY');
    const plan = planOf(staging.settings, subject, scope(false).scope, 0);
    const vault = new VaultSession({ kind: 'service-account', token: 'none' });
    return realPorts(staging, vault, { plan, readers }, { ...given, ...options });
  }

  it('hold the end of the old key up while code cannot take the new one, a run that goes on too', async () => {
    expect(await ports(looked(use(true), use(false))).inTheWay([])).toEqual([
      expect.stringMatching(/^a\.ts:1 sends it as a bearer token\. .*--code-checked$/),
    ]);
    expect(await ports(looked(use(true)), { codeChecked: true }).inTheWay([])).toEqual([]);
  });

  it('are answered by options that the audit trail has', async () => {
    const asked = ports(looked(use(true)), { checked: true, codeChecked: true, althoughUsed: true });
    expect([await asked.areChecked(['a']), await asked.mayEndUsed(['b']), await asked.inTheWay([])]).toEqual([
      ...[true, true, []],
    ]);
    await audited({ action: 'delete', writes: [] }, () => Promise.resolve());
    const { approval = '' } = readTrail(join(folder, 'trail.jsonl'), key).lines.at(-1) ?? {};
    expect(approval.split('; ').sort()).toEqual(['--although-used', '--checked', '--code-checked']);
  });
});
