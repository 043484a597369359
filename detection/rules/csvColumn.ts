import type { DetectionRule, Span } from '../finding.ts';
import { isSensitiveName } from '../names.ts';
import { moveToVault } from '../rule.ts';
import { isSecretValue } from '../secretValue.ts';

/** A header of names: at least two of them, each short. */
const header =
  /^\uFEFF?["']?[\p{L}_][\p{L}\p{N}_ .-]{0,40}["']?(?:([,;\t])["']?[\p{L}_][\p{L}\p{N}_ .-]{0,40}["']?){1,60}$/u;

/** More of a table is not looked through: whoever exports passwords exports more than one. */
const longest = 20_000;

/** The fields of a line, without their quotes. */
function* fields(line: string, separator: string): Generator<Span> {
  for (let at = 0; at <= line.length;) {
    const quoted = line[at] === '"';
    const close = quoted ? line.indexOf('"', at + 1) : -1;
    const next = line.indexOf(separator, close === -1 ? at : close);
    const end = next === -1 ? line.length : next;
    yield close === -1 ? { start: at, end } : { start: at + 1, end: close };
    at = end + separator.length;
  }
}

/** A table with a column of passwords or tokens, as browsers and password managers export them. */
export const csvColumn: DetectionRule = {
  id: 'secret-in-table-column',
  severity: 'error',
  summary: 'secret in a column of a table',
  fix: moveToVault,
  *find(text) {
    const firstEnd = text.indexOf('\n');
    if (firstEnd < 3 || firstEnd > 2000) return;
    const head = text.slice(0, firstEnd).replace(/\r$/, '');
    const separator = header.exec(head)?.[1];
    if (separator === undefined) return;
    const names = [...fields(head, separator)].map(({ start, end }) => head.slice(start, end));
    if (!names.some(isSensitiveName)) return;
    let at = firstEnd + 1;
    for (let count = 0; at < text.length && count < longest; count++) {
      const end = !text.includes('\n', at) ? text.length : text.indexOf('\n', at);
      const line = text.slice(at, end).replace(/\r$/, '');
      const row = [...fields(line, separator)];
      for (const [index, name] of row.length === names.length ? names.entries() : []) {
        const field = row[index];
        if (field === undefined || !isSensitiveName(name)) continue;
        if (isSecretValue(name, line.slice(field.start, field.end))) {
          yield { start: at + field.start, end: at + field.end };
        }
      }
      at = end + 1;
    }
  },
};
