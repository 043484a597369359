import { confirm } from '../../../cli/confirm.ts';
import { confirmSharedProject } from '../../../cli/sharedProject.ts';
import type { Finding } from '../finding.ts';

/** How the person called it. */
export interface Choice {
  /** Ids; everything that a machine may fix when empty. */
  readonly only: readonly string[];
  readonly yes: boolean;
  /** The shared project's reference, which a fix that writes production wants beside `yes`. */
  readonly project?: string | undefined;
  /** That reference, as the configuration has it. */
  readonly ref: string;
}

/**
 * Decides what to fix: what is safe, after one question; what takes something away, only when it is named by `--only` or
 * confirmed by itself on a terminal. What writes production is asked for by itself, and wants the reference.
 */
export async function choose(
  findings: readonly Finding[],
  { only, yes, project, ref }: Choice,
): Promise<readonly Finding[]> {
  const isOfProduction = ({ fix }: Finding) => fix.by === 'ask' && fix.production !== undefined;
  const askForProduction = (each: Finding) =>
    confirmSharedProject(
      `${each.what} ${each.fix.note ?? ''}\nThis writes to PRODUCTION, to ${each.fix.production ?? ''}. Type the project's reference to go on:`,
      { yes, project, ref },
    );
  if (only.length > 0) {
    const named = findings.filter(({ id, fix }) => only.includes(id) && fix.by !== 'person');
    const others = named.filter((each) => !isOfProduction(each));
    const chosen: Finding[] = [];
    // First what may be refused: a script that gives no reference does nothing.
    for (const each of named.filter(isOfProduction)) if (await askForProduction(each)) chosen.push(each);
    const ask = `Fix ${others.map(({ id }) => id).join(', ')}?`;
    return others.length > 0 && (await confirm(ask, { yes })) ? [...others, ...chosen] : chosen;
  }
  const safe = findings.filter(({ fix }) => fix.by === 'machine');
  const chosen =
    safe.length > 0 && (await confirm(`Fix ${safe.length === 1 ? 'this one' : `these ${safe.length}`}?`, { yes }))
      ? [...safe]
      : [];
  if (yes || !process.stdin.isTTY) return chosen;
  for (const each of findings.filter(({ fix }) => fix.by === 'ask')) {
    const agreed = isOfProduction(each)
      ? await askForProduction(each)
      : await confirm(`${each.what} ${each.fix.note ?? ''}\nFix it?`, { yes: false });
    if (agreed) chosen.push(each);
  }
  return chosen;
}
