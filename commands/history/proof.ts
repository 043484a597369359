import type { Checked } from '../../audit/chain.ts';
import { counted } from '../../machine/counted.ts';

/** Says how much of a trail is proved, and by which key: no more than what the check has shown. */
export function proofText(file: string, { lines, problems, key, signed, unchecked, open }: Checked): string {
  const all = `${file}: ${counted(lines.length, 'line')}`;
  if (lines.length === 0) return `${all}.\n`;
  if (key === undefined) {
    return (
      `${all}, ${unchecked} with a signature. None of these was checked: the stack’s fingerprintKey cannot be had here. ` +
      'So nothing shows who wrote the lines, nor that nobody changed them all.\n'
    );
  }
  const others = unchecked === 0 ? '' : ` ${unchecked} named as signed by another key: not checked.`;
  if (signed === 0) {
    return (
      `${all}, none signed with the stack’s key (${key}).${others} They prove nothing: whoever can write the file can have ` +
      'written them, in any name.\n'
    );
  }
  const before = lines.length - signed - unchecked - open;
  return (
    [
      `${all}, ${signed} signed with the stack’s key (${key}): written by somebody who has that key` +
        (problems.length === 0 ? ', and not changed since.' : '.'),
      ...(before === 0
        ? []
        : [`${before} not signed, before a signed one: they stood there then; who wrote them is not proved.`]),
      ...(open === 0 ? [] : [`${open} not signed, after the last signed one: they prove nothing.`]),
      ...(others === '' ? [] : [others.trim()]),
    ].join(' ') + '\n'
  );
}

/** Whether there is a key and it signed nothing: such a trail anybody can have written. */
export function isUnproved({ lines, key, signed }: Checked): boolean {
  return key !== undefined && lines.length > 0 && signed === 0;
}
