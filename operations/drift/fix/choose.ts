import { confirm } from '../../confirm.ts';
import type { Finding } from '../finding.ts';

/** How the person called it. */
export interface Choice {
  /** Ids; everything that a machine may heal when empty. */
  readonly only: readonly string[];
  readonly yes: boolean;
}

/**
 * Decides what to heal: what is safe, after one question; what takes something away or touches production, only when it
 * is named by `--only` or confirmed by itself on a terminal.
 */
export async function choose(findings: readonly Finding[], { only, yes }: Choice): Promise<readonly Finding[]> {
  if (only.length > 0) {
    const named = findings.filter(({ id, fix }) => only.includes(id) && fix.by !== 'person');
    const ask = `Heal ${named.map(({ id }) => id).join(', ')}?`;
    return named.length > 0 && (await confirm(ask, { yes })) ? named : [];
  }
  const safe = findings.filter(({ fix }) => fix.by === 'machine');
  const chosen = safe.length > 0 && (await confirm(`Heal these ${safe.length}?`, { yes })) ? [...safe] : [];
  if (yes || !process.stdin.isTTY) return chosen;
  for (const each of findings.filter(({ fix }) => fix.by === 'ask')) {
    if (await confirm(`${each.what} ${each.fix.note ?? ''}\nHeal it?`, { yes: false })) chosen.push(each);
  }
  return chosen;
}
