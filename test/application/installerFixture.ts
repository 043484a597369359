import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { planPipeline, type PlanOptions } from '../../commands/pipeline/changes.ts';
import { deviationLine, type Deviation } from '../../commands/pipeline/deviation.ts';

/** A repository of these files, in a folder of its own; package.json is made up where none is given. */
export function repository(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'application-'));
  for (const [path, text] of Object.entries({ 'package.json': '{\n  "name": "shop"\n}\n', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const archive = Buffer.from('the packed commands');

export interface Applied {
  readonly folder: string;
  readonly deviations: readonly Deviation[];
  /** What a person must change, with its place; `apply` writes nothing then. */
  readonly refused: readonly string[];
  readonly read: (path: string) => string;
}

/** Applies as the command does: all changes, or none where something is left to a person. */
export function apply(folder: string, options: Partial<PlanOptions> = {}): Applied {
  const plan = planPipeline(folder, { archive, ...options });
  const refused = plan.deviations.filter(({ byHand }) => byHand !== undefined).map(deviationLine);
  for (const { path, after } of refused.length > 0 ? [] : plan.changes) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), after);
  }
  return { folder, deviations: plan.deviations, refused, read: (path) => readFileSync(join(folder, path), 'utf8') };
}

/** What a second look finds and would change: nothing after a merge. */
export function leftIn(folder: string): { readonly deviations: string[]; readonly changes: string[] } {
  const plan = planPipeline(folder, { archive });
  return { deviations: plan.deviations.map(deviationLine), changes: plan.changes.map(({ path }) => path) };
}

export const nothingLeft = { deviations: [], changes: [] };

/** Whether every line of a text stands in another, in its order and with its line end. */
export function keepsLines(after: string, before: string): boolean {
  let at = 0;
  return before.split(/(?<=\n)/).every((line) => {
    const found = after.indexOf(line, at);
    at = found + line.length;
    return found >= 0;
  });
}
