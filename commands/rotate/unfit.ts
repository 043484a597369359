import { approvedBy } from '../../audit/trail.ts';
import { counted } from '../../machine/counted.ts';
import type { Plan } from '../../rotation/plan.ts';
import type { CannotTake, ReadBy } from '../../rotation/readBy.ts';

interface Answer {
  /** A person answers for the code. */
  readonly codeChecked: boolean;
}

/** What a person says of such code who knows it. */
export const asAnswered = 'Where it takes both kinds, or may fail until it is changed: --code-checked';

/** Code that would get a key which it cannot use; none where a person answers for it, and the audit trail says so. */
export function unfit({ cannotTake }: Pick<ReadBy, 'cannotTake'>, { codeChecked }: Answer): readonly CannotTake[] {
  const given = cannotTake.filter(({ isGiven }) => isGiven);
  if (given.length === 0 || !codeChecked) return given;
  approvedBy('--code-checked');
  return [];
}

/** Why a rotation does not begin: code would get a key that it cannot use, or nobody has read whether it can. */
export function refusal(
  readers: Pick<ReadBy, 'cannotTake' | 'lines'>,
  { scope }: Pick<Plan, 'scope'>,
  answer: Answer,
): string | undefined {
  const given = unfit(readers, answer);
  if (given.length > 0)
    return (
      `Nothing was done: ${counted(given.length, 'use')} of the key above cannot take the new kind. Change that code and deploy it, ` +
      `then begin again. ${asAnswered}`
    );
  if (scope.legacy !== true || readers.lines !== undefined) return undefined;
  if (!answer.codeChecked)
    return (
      'Nothing was done: a legacy key gives way to one of the new kind, and nobody has read whether the application’s code can take it. ' +
      `Name its folder: --app PATH (or STAGING_APPLICATION). ${asAnswered}`
    );
  approvedBy('--code-checked');
  return undefined;
}
