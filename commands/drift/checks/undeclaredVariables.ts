import { counted } from '../../../machine/counted.ts';
import { mayDisableAgents } from '../../../settings/names/emergency.ts';
import { emergencyVariable } from '../../../settings/names/names.ts';
import { commandThatDeclares } from '../../../settings/declared.ts';
import { netlifyRefusal } from '../../../places/netlify/setting.ts';
import { isSensitiveName } from '../../../detection/names.ts';
import type { LiveVariable } from '../../../services/netlify/netlify.ts';
import type { Settings } from '../../../settings/settings.ts';
import { finding, type Difference, type Finding } from '../finding.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import { ageInDays, isLater } from '../../../machine/times.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** What is on the site beside the declaration and matters to staging. A team's own older variables are not drift. */
export function undeclaredVariables(
  { netlify, placements }: Settings,
  recorded: Recorded,
  live: readonly LiveVariable[],
): Finding[] {
  const declared = new Set(netlify.variables.map(({ name }) => name));
  const lower = new Map([...declared].map((name) => [name.toLowerCase(), name]));
  return live
    .filter(({ key }) => !declared.has(key))
    .flatMap((variable) => {
      const { key, updatedAt: since, updatedBy: by } = variable;
      const contexts = variable.values.map(({ context }) => context);
      const one = (kind: Difference['kind'], what: string, more: Partial<Difference> = {}) => [
        finding({ kind, subject: key, contexts, what, since, by, ...more }),
      ];
      const isDeclared = placements.some(({ value }) => value === key);
      const declare = {
        command: commandThatDeclares(key, 'netlify', { isDeclared, secret: variable.secret }),
        note: `Declare it and run ${forStack('npm run adopt')}, or remove it on Netlify.`,
      };
      if (key === emergencyVariable && variable.values.some(({ value }) => mayDisableAgents(value))) {
        return one(
          'kill-switch-variable',
          `${key} is on at Netlify, or cannot be read there, and not declared. Nothing is known to read it there: alone it stops no agent.`,
          {
            command: forStack('npm run kill-switch -- status'),
            note: `If agents must not act: ${forStack('npm run kill-switch -- off --emergency --reason TEXT')}. If it is over: ${forStack('npm run kill-switch -- restore --emergency --reason TEXT')}.`,
          },
        );
      }
      const reserved = netlifyRefusal(
        key,
        variable.scopes.map((scope) => scope.replace('_', '-')),
      );
      // What the team has had for long works for them.
      if (reserved !== undefined && isLater(since, recorded.updatedAt)) {
        return one(
          'variable-reserved',
          `${key} ${reserved.split(':')[0] ?? reserved}: a deploy may fail for production, too.`,
          {
            command: `npx netlify-cli env:unset ${key}`,
            note: 'It removes the key in every context. If the application needs the value, give it another name first.',
          },
        );
      }
      const twin = lower.get(key.toLowerCase());
      if (twin !== undefined) {
        return one('variable-misspelt', `${key} stands beside ${twin}: nothing reads it.`, {
          command: `npx netlify-cli env:unset ${key}`,
          note: 'It removes the key in every context: look at its values first.',
        });
      }
      if (contexts.some((context) => netlify.contexts.includes(context))) {
        return one('staging-variable-undeclared', `${key} has a value in staging's contexts and nobody declared it.`, {
          note: `It takes the values in staging’s contexts away. To keep them, declare the variable and run ${forStack('npm run adopt')}.`,
        });
      }
      if (!variable.secret && isSensitiveName(key)) {
        return one('sensitive-variable-plain', `${key} is sensitive by its name, and Netlify shows its value.`, {
          ...declare,
          command: commandThatDeclares(key, 'netlify', { isDeclared, secret: true }),
        });
      }
      return isLater(since, recorded.updatedAt)
        ? one(
            'variable-undeclared',
            `${key} was added or changed after the last update, and nobody declared it.`,
            declare,
          )
        : [];
    });
}

/** Declared secret variables that are older than the configured age. */
export function oldVariables(
  { netlify }: Settings,
  live: readonly LiveVariable[],
  maxAgeDays: number,
  now: number,
): Finding[] {
  return live.flatMap(({ key, secret, updatedAt }) => {
    const age = ageInDays(updatedAt, now);
    if (!secret || age <= maxAgeDays || !netlify.variables.some(({ name }) => name === key)) return [];
    return [
      finding({
        kind: 'netlify-secret-old',
        subject: key,
        what: `${key} is ${counted(age, 'day')} old; the limit is ${maxAgeDays}.`,
        since: updatedAt,
        command: forStack('pulumi up'),
        note: 'Rotate it at its vendor and in the vault first.',
      }),
    ];
  });
}
