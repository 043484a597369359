import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parseLine, type Line, type Statement } from './line.ts';

/** The end of a chain: how many lines it has, and the digest of the last. */
export interface End {
  readonly n: number;
  readonly digest: string;
}

/** An end that a key signed. */
interface SignedEnd extends End {
  readonly key: string;
  readonly mac: string;
}

/** What the file beside a trail says of its end. It is written after each line, so it may be one line behind. */
export interface Head extends End {
  readonly key?: string;
  readonly mac?: string;
  /** Of an unsigned line's: where the trail was when a key signed its end for the last time. */
  readonly signed?: SignedEnd;
}

/** What is wrong with a trail, and at which line of the file (from 1). */
interface Problem {
  readonly line: number;
  readonly what: string;
}

/** SHA-256 of a text, as hexadecimal digits. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The chain before its first line. */
export const beginning: End = { n: 0, digest: digestOf('') };

/** The text of the next line of a chain. Without a key it is linked, and not signed. */
export function sealed(statement: Statement, after: End, key: string | undefined): string {
  const open = { n: after.n + 1, ...statement, previous: after.digest, ...(key !== undefined && { key: idOf(key) }) };
  const text = JSON.stringify(open);
  return key === undefined ? text : JSON.stringify({ ...open, mac: macOf(text, key) });
}

/** What is kept beside a trail that ends so. `before` is what was kept there: a line without a key keeps what is signed of it. */
export function headOf(end: End, key: string | undefined, before: Head | undefined): Head {
  if (key !== undefined) return { ...end, key: idOf(key), mac: endMac(end, key) };
  const signed = signedEnd(before);
  return { ...end, ...(signed && { signed }) };
}

function signedEnd(head: Head | undefined): SignedEnd | undefined {
  if (head?.key === undefined || head.mac === undefined) return head?.signed;
  return { n: head.n, digest: head.digest, key: head.key, mac: head.mac };
}

function endMac({ n, digest }: End, key: string): string {
  return macOf(JSON.stringify([n, digest]), key);
}

/** A line, and whether the key signed it; `undefined` where there is no key to check it with. */
export interface CheckedLine extends Line {
  readonly isSigned?: boolean;
}

/** A trail as it was read and checked. */
export interface Checked {
  readonly lines: readonly CheckedLine[];
  readonly problems: readonly Problem[];
  /** What distinguishes the key that the signatures were checked with. */
  readonly key?: string;
  /** How many lines are signed with this key. */
  readonly signed: number;
  /** How many say that another key signed them, or any where there is none: that is not checked. */
  readonly unchecked: number;
  /** How many are not signed, and stand after the last line that is signed with this key. */
  readonly open: number;
}

/** A trail that is not there. */
export const noTrail: Checked = { lines: [], problems: [], signed: 0, unchecked: 0, open: 0 };

/**
 * Checks every line: that it is one, that it follows the one before it, and, where it was signed with this key, that nobody
 * changed it. A line that is not, or by another key, is held by the links alone: up to the next signed line they show that it
 * stood there then, and after the last one nothing. `head` is what the file beside it says.
 */
export function checkTrail(text: string, head: Head | undefined, key: string | undefined): Checked {
  const rows = text.split('\n');
  const problems: Problem[] = [];
  if (rows.at(-1) === '') rows.pop();
  else problems.push({ line: rows.length, what: 'was cut short' });
  const lines: CheckedLine[] = [];
  const id = key === undefined ? undefined : idOf(key);
  let after = beginning;
  let signed = 0;
  rows.forEach((row, index) => {
    const at = index + 1;
    const line = parseLine(row);
    if (!line) problems.push({ line: at, what: 'is no line of a trail: it was changed or cut short' });
    else {
      if (line.n > after.n + 1) problems.push({ line: at, what: missing(after.n + 1, line.n - 1) });
      else if (line.n <= after.n) problems.push({ line: at, what: `is number ${line.n}, which is not the next one` });
      else if (line.previous !== after.digest) problems.push({ line: Math.max(index, 1), what: 'was changed' });
      let isGood = false;
      if (key !== undefined && line.key === id) {
        if (isSigned(row, line, key)) {
          signed += 1;
          isGood = true;
        } else problems.push({ line: at, what: 'was changed: its signature does not fit' });
      }
      lines.push({ ...line, ...(key !== undefined && { isSigned: isGood }) });
    }
    after = { n: line?.n ?? after.n + 1, digest: digestOf(row) };
  });
  problems.push(...headProblems(rows, after, head, key, signed > 0));
  const last = lines.findLastIndex((line) => line.isSigned);
  return {
    ...{ lines, problems: firstOfEach(problems), signed },
    ...(id !== undefined && { key: id }),
    unchecked: lines.filter((line) => line.key !== undefined && line.key !== id).length,
    open: lines.slice(last + 1).filter((line) => line.key === undefined || line.key === id).length,
  };
}

/** One problem a line, in their order: a line that was changed is found by its signature and by its follower. */
function firstOfEach(problems: readonly Problem[]): Problem[] {
  const byLine = new Map<number, Problem>();
  for (const each of problems) if (!byLine.has(each.line)) byLine.set(each.line, each);
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}

function missing(from: number, to: number): string {
  return from === to
    ? `follows a line that was removed: number ${from}`
    : `follows lines that were removed: ${from} to ${to}`;
}

/** What is wrong with the end. Where lines are signed with the key, so has to be what the file beside the trail says of its end. */
function headProblems(
  rows: readonly string[],
  end: End,
  head: Head | undefined,
  key: string | undefined,
  areSigned: boolean,
): Problem[] {
  const last = Math.max(rows.length, 1);
  const unsure = (why: string) => [{ line: last, what: `may not be the last one: the file that says so ${why}` }];
  if (head === undefined) return rows.length > 1 || areSigned ? unsure('is gone') : [];
  const proof = signedEnd(head);
  if (key !== undefined) {
    const isOwn = proof?.key === idOf(key);
    if (isOwn && !sameText(proof.mac, endMac(proof, key))) return unsure('was changed');
    if (areSigned && !isOwn) return unsure('is not signed with the key that signed lines here');
  }
  const most = Math.max(head.n, proof?.n ?? 0);
  if (most > end.n)
    return [{ line: last, what: `is the last one here, and the trail had ${most}: lines were removed after it` }];
  return [head, ...(proof ? [proof] : [])].flatMap(({ n, digest }) => {
    const row = rows.findIndex((text) => parseLine(text)?.n === n);
    return row !== -1 && digestOf(rows[row] ?? '') !== digest ? [{ line: row + 1, what: 'was changed' }] : [];
  });
}

function isSigned(row: string, { mac }: Line, key: string): boolean {
  // The signature is the last member: what it signs is the text before it.
  const end = `,"mac":${JSON.stringify(mac)}}`;
  return mac !== undefined && row.endsWith(end) && sameText(mac, macOf(`${row.slice(0, -end.length)}}`, key));
}

function sameText(one: string | undefined, other: string): boolean {
  return one?.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

function macOf(text: string, key: string): string {
  return createHmac('sha256', key).update('audit trail\0').update(text).digest('hex');
}

/** Distinguishes keys without showing them. */
function idOf(key: string): string {
  return createHmac('sha256', key).update('audit key').digest('hex').slice(0, 12);
}
