import { z } from 'zod';
import { call, ServiceError, type Api } from '../../services/door/http.ts';
import { allowOnce } from '../../recovery/secretChange.ts';
import { stackOf } from '../../engine/deployment.ts';
import type { Decision, RecoveryPlan } from '../../recovery/pending.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** Asks a person, who answers by typing `expected`. */
type Ask = (
  question: string,
  options: { readonly yes: false; readonly expected: string; readonly otherwise: string },
) => Promise<boolean>;

/** The keys whose changes only a person can say to be the killed run's. */
export function askedFor({ decisions }: RecoveryPlan): string[] {
  return decisions.filter(isAskedFor).map(({ key }) => key ?? '');
}

/** The keys that the next update refuses to write. */
export function refusedNext({ decisions }: RecoveryPlan): string[] {
  return decisions.filter(({ action }) => action === 'leave').map(({ key }) => key ?? '');
}

/** The plan after a person has said of these keys' changes that the killed run wrote them. */
export function withArrived({ decisions }: RecoveryPlan, keys: readonly string[]): RecoveryPlan {
  return {
    decisions: decisions.map((decision) =>
      isAskedFor(decision) && keys.includes(decision.key ?? '')
        ? {
            ...decision,
            action: 'acknowledge',
            note: `it ${changed(decision)}: by the killed run, a person says; the next update writes it again`,
          }
        : decision,
    ),
  };
}

const otherwise = () =>
  `it counts as somebody’s change, and the next ${forStack('pulumi up')} refuses to write the key`;

/** Asks about each key separately: one may be the killed run's, and another one somebody's. */
export async function askArrived(plan: RecoveryPlan, ask: Ask): Promise<RecoveryPlan> {
  const keys: string[] = [];
  for (const decision of plan.decisions.filter(isAskedFor)) {
    const question = `${decision.key ?? ''} ${changed(decision)}. Type arrived if the killed run did that, and nobody else:`;
    if (await ask(question, { yes: false, expected: 'arrived', otherwise: otherwise() })) keys.push(decision.key ?? '');
  }
  return withArrived(plan, keys);
}

/**
 * The plan without the questions that this user cannot answer: Netlify names somebody else as the writer. A name only
 * ever takes a question away: the same user may have changed the key by hand.
 */
export function withoutOthers({ decisions }: RecoveryPlan, user: string | undefined): RecoveryPlan {
  return {
    decisions: decisions.map((decision) => {
      const { by } = decision;
      if (!isAskedFor(decision) || !user || !by || by === user) return decision;
      return {
        ...decision,
        confirmable: false,
        note:
          `it ${changed(decision)}, but this token is ${user}’s: if the killed run had ${by}’s token, run this with that one. ` +
          `Else ${allowOnce(stackOf(decision.urn))}`,
      };
    }),
  };
}

const userAnswer = z.object({ full_name: z.string().nullish(), email: z.string().nullish() });

/** Whose token this is, as Netlify names the writer of a key; `undefined` when it does not say it. */
export async function tokenUser(api: Api): Promise<string | undefined> {
  try {
    const { full_name: name, email } = (await call(api, { path: '/user' }, userAnswer)).data;
    return name ?? email ?? undefined;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function isAskedFor({ action, confirmable }: Decision): boolean {
  return action === 'leave' && confirmable === true;
}

function changed({ updatedAt, by }: Decision): string {
  return `was changed on Netlify at ${updatedAt ?? ''}${by === undefined ? '' : ` by ${by}`}`;
}
