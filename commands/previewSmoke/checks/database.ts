import { z } from 'zod';
import { CheckFailure, type Check } from '../check.ts';
import { signIn } from './session.ts';

/** Marks every row of this test, with its time, so that the next run can sweep what a killed one left. */
const prefix = 'preview-smoke:';

const oldMs = 10 * 60_000;

/** Whether a row of this test is so old that its run must be dead. */
function isLeftBehind(mark: unknown, now: number): boolean {
  if (typeof mark !== 'string' || !mark.startsWith(prefix)) return false;
  const written = Number(mark.slice(prefix.length).split(':')[0]);
  return Number.isFinite(written) && now - written > oldMs;
}

/**
 * One row of the test user's own written, read back and removed, after a sweep of what earlier runs left. Which table
 * that is, `row` of the configuration says; no other row of it is read or changed.
 */
export const database: Check = {
  name: 'database',
  title: 'Supabase is written and read',
  transientClass: 'database',
  async run(target) {
    const { table, key, owner, text, values } = target.config.row;
    const { client, fail, userId } = await signIn(target);
    const rows = () => client.from(table);
    const now = Date.now();
    const own = await rows().select(`${key},${text}`).eq(owner, userId).like(text, `${prefix}%`).retry(false);
    if (own.error) fail('database', `own rows of ${table} cannot be read`, own.error);
    const left = z
      .array(z.record(z.string(), z.unknown()))
      .parse(own.data)
      .filter((row) => isLeftBehind(row[text], now));
    for (const row of left) {
      const swept = await rows().delete().eq(key, String(row[key])).eq(owner, userId);
      if (swept.error) fail('database', 'an old row cannot be removed', swept.error);
    }
    const mark = `${prefix}${now}:${target.runTag}`;
    // Which columns there are, the configuration knows alone.
    const row: object = { ...values, [owner]: userId, [text]: mark };
    const written = await rows().insert(row).select(key).single();
    if (written.error) fail('database', `a row of ${table} cannot be written`, written.error);
    const id = z.record(z.string(), z.union([z.string(), z.number()])).parse(written.data)[key];
    if (id === undefined) throw new CheckFailure('database', `the new row of ${table} has no ${key}`);
    const read = await rows().select(text).eq(key, id).eq(owner, userId).retry(false).maybeSingle();
    const removed = await rows().delete().eq(key, id).eq(owner, userId).select(key); // before anything is judged: a finding must leave no row either
    if (read.error) fail('database', 'the row cannot be read back', read.error);
    const there = z.record(z.string(), z.unknown()).safeParse(read.data);
    if (!there.success || there.data[text] !== mark) {
      throw new CheckFailure('database', 'the row that was read back is not the one that was written');
    }
    if (removed.error) fail('database', 'the row cannot be removed', removed.error);
    if (removed.data?.length !== 1) {
      throw new CheckFailure('database', 'the row was not removed: the delete found nothing');
    }
    return {
      detail: `one own row of ${table} written, read back and removed`,
      facts: { sweptRows: left.length },
    };
  },
};
