import { z } from 'zod';

const Table = z.record(z.string(), z.unknown());

/** A table of a workflow, empty where there is none. */
export const tableOf = (value: unknown): Readonly<Record<string, unknown>> => Table.safeParse(value).data ?? {};

/** A list of names, which a workflow may also write as one name. */
export const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];

/** The events that start a workflow, each with its filters, from its `on` in any of the three forms. */
export function eventsOf(on: unknown): Record<string, unknown> {
  if (typeof on === 'string') return { [on]: null };
  if (Array.isArray(on)) return Object.fromEntries(on.map((event) => [String(event), null]));
  return { ...tableOf(on) };
}
