import { painter } from '../../machine/paint.ts';
import { printable, printableLines } from '../../machine/printable.ts';
import { hintOf, isProductions, type Finding } from './finding.ts';
import { severities } from './kind.ts';
import type { Look } from './observed.ts';
import { counted } from '../../machine/counted.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

const colours = { critical: 'magenta', high: 'red', medium: 'yellow', low: 'blue' } as const;

/** Findings for a terminal: worst first, each with the command that fixes it. */
export function lookText({ findings, notChecked, errors }: Look, stream: NodeJS.WriteStream = process.stdout): string {
  const paint = painter(stream);
  const lines = findings.flatMap((each) => [
    `${paint(colours[each.severity], each.severity.padEnd(8))}  ${printable(each.what)}`,
    `          ${paint('dim', printable([each.id, changed(each)].filter((part) => part !== '').join(' · ')))}`,
    `          → ${hintOf(each.fix)}: ${printable(each.fix.command)}`,
    ...(each.fix.note === undefined ? [] : [`            ${paint('dim', printable(each.fix.note))}`]),
  ]);
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    ...errors.map((error) => `${paint('red', 'not seen')}  ${printableLines(error)}`),
    ...notChecked.map((each) => paint('dim', `not checked: ${printableLines(each)}`)),
    summary(findings, errors),
    '',
  ].join('\n');
}

function changed({ since, by }: Finding): string {
  return [since === undefined ? '' : `since ${since}`, by === undefined ? '' : `by ${by}`]
    .filter((part) => part !== '')
    .join(' ');
}

/** One line: how much of what, and what a machine can do about it. */
export function summary(findings: readonly Finding[], errors: readonly string[]): string {
  if (findings.length === 0) return errors.length === 0 ? 'No drift.' : 'No drift in what could be seen.';
  const count = (by: Finding['fix']['by']) => findings.filter(({ fix }) => fix.by === by).length;
  const [machine, ask, person] = [count('machine'), count('ask'), count('person')];
  const fix = machine === 0 ? '' : ` Fix the ${machine} that a machine can: ${forStack('npm run drift -- --fix')}`;
  const bad = severities.toReversed().flatMap((name) => {
    const these = findings.filter(({ severity }) => severity === name);
    const production = these.filter(isProductions).length;
    return these.length === 0
      ? []
      : [`${these.length} ${name}${production === 0 ? '' : ` (${production} of PRODUCTION)`}`];
  });
  const total = counted(findings.length, 'finding');
  return `${total}: ${bad.join(', ')}. ${machine} for --fix, ${ask} to be named, ${person} for a person.${fix}`;
}
