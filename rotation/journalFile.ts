import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { printable } from '../machine/printable.ts';
import { forStack } from '../settings/stack/stackCommand.ts';
import type { StepId } from './plan.ts';

const steps = z.partialRecord(
  z.enum([
    'make',
    'staging-vault',
    'staging-places',
    'staging-deploy',
    'production-vault',
    'production-places',
    'production-deploy',
    'overlap',
    'revoke',
  ] satisfies StepId[]),
  z.iso.datetime(),
);

const schema = z.object({
  /** Distinguishes this rotation from every other one; part of the new keys' name at Supabase. */
  id: z.string(),
  value: z.string(),
  by: z.string(),
  since: z.iso.datetime(),
  direction: z.enum(['forward', 'back']),
  /** Of this journal alone: fingerprints of two rotations cannot be compared. */
  fingerprintKey: z.string(),
  legacy: z.boolean(),
  /** The fields that change, each with the fingerprint of the value that it had. */
  members: z.array(
    z.object({
      reference: z.string(),
      key: z.enum(['secret', 'publishable', 'value']),
      isProductions: z.boolean(),
      old: z.string(),
      /** Of the new value, kept before it is written. */
      fresh: z.string().optional(),
    }),
  ),
  started: steps,
  done: steps,
  overlapSeconds: z.number(),
  /** When the last request with the old key came that a person was told of. */
  used: z.iso.datetime().optional(),
  random: z.boolean(),
  /** When a rotation that is taken back had put the old value back into its places. */
  restored: z.iso.datetime().optional(),
  /** Which key was refused, because somebody ended it: places may have it. */
  dead: z.enum(['old', 'new']).optional(),
  /** Everything is done but taking the marks away. */
  ended: z.literal(true).optional(),
});

/** What is kept of a rotation: names, times and keyed fingerprints. Never a value. */
export type Journal = z.infer<typeof schema>;

/** The journal of a rotation cannot be read. Nothing may go on before a person has found out how far it came. */
export class DamagedJournalError extends Error {
  override readonly name = 'DamagedJournalError';
}

/** Reads the journal of a value. Throws a {@link DamagedJournalError}, which says what a person does then. */
export function readJournal(file: string, value: string): Journal {
  const text = readFileSync(file, 'utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw damaged(file, value, text === '' ? 'it is empty' : 'it is no JSON', undefined);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'all of it'));
    throw damaged(file, value, `wrong or missing: ${[...wrong].join(', ')}`, content);
  }
  if (parsed.data.value !== value) throw damaged(file, value, `it is of ${printable(parsed.data.value)}`, content);
  return parsed.data;
}

const name = z.string().transform((text) => printable(text));
const names = z.record(name, z.unknown()).transform((found) => Object.keys(found));

/** What a damaged journal may still say. */
const remains = z.object({
  by: name.optional().catch(undefined),
  since: name.optional().catch(undefined),
  direction: name.optional().catch(undefined),
  started: names.catch([]),
  done: names.catch([]),
  members: z.array(z.object({ reference: name })).catch([]),
});

function damaged(file: string, value: string, why: string, content: unknown): DamagedJournalError {
  const { success, data } = remains.safeParse(content);
  const said = success ? saidBy(data) : [];
  const fields = (success ? data.members : []).map(({ reference }) => reference).join(', ');
  const field = fields === '' ? `each field of 1Password that ${value} is read from` : fields;
  return new DamagedJournalError(
    [
      `The journal ${file} is damaged: ${why}. Nothing was done.`,
      said.length === 0 ? 'Nothing of the rotation can be read there.' : `What can be read there: ${said.join('; ')}.`,
      `1Password says what was under way, in the item of ${field}: rotating_… is who began it and since when; previous_… is the old value, ` +
        'where the field has the new one already. Until the old one was revoked, both work.',
      `With a copy of the journal: put it back, then ${forStack(`npm run rotate -- ${value} --resume`)}`,
      'Without one, while the old value works: put it from previous_… into the field again, take rotating_… away, move the journal away, and ' +
        `begin anew: ${forStack(`npm run rotate -- ${value}`)}. A key rotated_… that the lost rotation made at Supabase is then one to delete there.`,
      'Without one, and the old value is revoked: the field keeps the new one. Take rotating_… away, move the journal away, and see that every ' +
        `place has it: ${forStack('pulumi up')}, ${forStack('npm run drift')}`,
    ].join('\n'),
  );
}

function saidBy({ by, since, direction, started, done }: z.infer<typeof remains>): string[] {
  const open = started.filter((step) => !done.includes(step));
  return [
    ...(by === undefined && since === undefined ? [] : [`begun by ${by ?? 'somebody'} at ${since ?? 'some time'}`]),
    ...(direction === 'back' ? ['it was being taken back'] : []),
    ...(done.length > 0 ? [`done: ${done.join(', ')}`] : []),
    ...(open.length > 0 ? [`begun: ${open.join(', ')}`] : []),
  ];
}
