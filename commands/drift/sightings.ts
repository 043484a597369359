import type { Finding } from './finding.ts';
import { isSameTime } from '../../machine/times.ts';

/** A finding whose time our own fix has moved: who changed it first, and when, would be lost otherwise. */
export interface Moved {
  readonly id: string;
  /** The service's time of our own write. */
  readonly at: string;
  readonly since?: string;
  readonly by?: string;
}

/** The findings that are still there after a fix, and whose time it moved: those about what was written to. */
export function movedByFix(first: readonly Finding[], chosen: readonly Finding[], after: readonly Finding[]): Moved[] {
  const written = new Set(chosen.map(({ where }) => `${where.target} ${where.subject}`));
  return after.flatMap(({ id, since: at, where }) => {
    const before = first.find((each) => each.id === id);
    if (!before || at === undefined || isSameTime(at, before.since)) return [];
    if (!written.has(`${where.target} ${where.subject}`)) return [];
    const { since, by } = before;
    return [{ id, at, ...(since !== undefined && { since }), ...(by !== undefined && { by }) }];
  });
}

/** The findings with the time and the writer of before our own fix, as long as nobody has changed them after it. */
export function withFirstSighting(findings: readonly Finding[], moved: readonly Moved[]): Finding[] {
  return findings.map((finding) => {
    const known = moved.find(({ id, at }) => id === finding.id && isSameTime(at, finding.since));
    if (!known) return finding;
    const { id, kind, severity, what, where, fix } = finding;
    const { since, by } = known;
    return {
      id,
      kind,
      severity,
      what,
      where,
      fix,
      ...(since !== undefined && { since }),
      ...(by !== undefined && { by }),
    };
  });
}
