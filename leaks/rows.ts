import { z } from 'zod';
import { UsageError } from '../cli/errors.ts';
import { unreadRule } from '../files/unread.ts';

const schema = z.array(
  z.object({
    file: z.string(),
    line: z.int().min(1),
    column: z.int().min(1),
    rule: z.string(),
    severity: z.enum(['error', 'warning']),
    commit: z
      .string()
      .regex(/^[0-9a-f]{40,64}$/)
      .optional(),
  }),
);

/** Where a scan has found something: one row of `npm run scan -- --json`. It has no value. */
export type Row = z.infer<typeof schema>[number] & {
  /** The folder that was scanned, where that is known: paths are relative to it. */
  readonly folder?: string;
};

/** Rules about a file or about an exception, not about a value. */
const aboutNoValue: readonly string[] = [unreadRule, 'exception'];

/** The rows of a scan's report. Throws a {@link UsageError} for any other text. */
export function rowsOf(text: string, from: string): Row[] {
  const rows = schema.safeParse(parsed(text));
  if (!rows.success)
    throw new UsageError(`${from} is no report of a scan. Make one: npm run scan -- --history --json > findings.json`);
  return ofValues(rows.data);
}

/** Whether a text is a scan's report at all. */
export function isReport(text: string): boolean {
  return schema.safeParse(parsed(text)).success;
}

/** The findings that are about a value. */
export function ofValues<Each extends Pick<Row, 'rule'>>(rows: readonly Each[]): Each[] {
  return rows.filter(({ rule }) => !aboutNoValue.includes(rule));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
