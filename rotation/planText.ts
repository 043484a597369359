import { columns } from '../machine/columns.ts';
import type { Plan } from './plan.ts';
import { inTheWay } from './inTheWay.ts';
import type { ReadBy } from './readBy.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** A plan for people. */
export function planText(plan: Plan, readers: ReadBy): string {
  const { subject, scope, holders, persons, steps, cannotBeUndone, bothValid } = plan;
  const way = planned(plan, readers);
  const lines = [
    `Rotation of ${subject.value} (${subject.reference})`,
    ...(scope.legacy === undefined
      ? ['The vault was not read: which other fields hold the same key is known when it is.']
      : []),
    ...scope.apart.map((reference) => `${reference} holds a key of its own: it stays as it is.`),
    '',
    'Held by',
    ...columns(
      holders.map(({ name, title, reference, isProductions, effect }) => [
        name,
        `${title}${isProductions ? ' (PRODUCTION)' : ''}, from ${reference}; read ${effects()[effect]}`,
      ]),
      '  ',
    ),
    ...(holders.length === 0 ? ['  nothing declared'] : []),
    '',
    'Held by people, who see to it themselves',
    ...persons.map(({ who, what }) => `  ${who}: ${what}`),
    ...readers.undeclared.map((each) => `  ${each}`),
    '',
    'Read by',
    ...(readers.lines ?? ['not looked: give --app PATH, the folder of the application']).map((line) => `  ${line}`),
    '',
    ...(readers.cannotTake.length > 0
      ? ['Cannot take the new kind of key', ...readers.cannotTake.map(({ at, why }) => `  ${at} ${why}`), '']
      : []),
    ...(way.length > 0 ? ['In the way of ending the old key', ...way.map((each) => `  ${each}`), ''] : []),
    'Steps',
    ...steps.flatMap(({ id, does, proof, back, isProductions }, index) => [
      `  ${index + 1}. ${id}${isProductions ? ' (PRODUCTION: wants the typed reference)' : ''}: ${does}`,
      `     proof: ${proof}`,
      `     --back: ${back ?? 'not after this step'}`,
    ]),
    '',
    `Cannot be undone: ${cannotBeUndone.join('; ') || 'nothing'}.`,
    `Both valid: ${bothValid}`,
    '',
  ];
  return lines.join('\n');
}

const effects = (): Readonly<Record<Plan['holders'][number]['effect'], string>> => ({
  'next deploy': 'from the next deploy on',
  'at once': 'at once, without a deploy',
  'next run': 'from the next run on',
  'env:local': `when ${forStack('npm run env:local')} has written it`,
});

/** What is in the way as far as the plan knows: the name that the old key has at Supabase is asked for later. */
function planned(plan: Plan, readers: ReadBy): string[] {
  return readers.lines === undefined ? [] : inTheWay(readers, plan, ['default']);
}

/** A plan for another program. */
export function planJson(plan: Plan, readers: ReadBy): Record<string, unknown> {
  const { subject, scope, phases, holders, persons, steps, cannotBeUndone, bothValid } = plan;
  return {
    value: subject.value,
    names: subject.names,
    kind: subject.kind.how,
    vaultWasRead: scope.legacy !== undefined,
    legacy: scope.legacy ?? null,
    fields: scope.members.map(({ reference, key, isProductions }) => ({ reference, key, isProductions })),
    apart: scope.apart,
    holders: holders.map(
      ({ value, name, place, context, environment, reference, isProductions, resource, effect }) => ({
        ...{ value, name, place, reference, isProductions, effect },
        ...{ context: context ?? null, environment: environment ?? null, resource: resource ?? null },
      }),
    ),
    persons: [...persons.map(({ who, what }) => `${who}: ${what}`), ...readers.undeclared],
    readers: readers.lines === undefined ? null : readers.readers,
    cannotTake: readers.cannotTake.map(({ name, at, why, isGiven }) => ({ name, at, why, isGiven })),
    inTheWay: planned(plan, readers),
    update: phases,
    steps,
    cannotBeUndone,
    bothValid,
  };
}
