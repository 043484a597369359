import { disablesAgents } from '../../../settings/names/emergency.ts';
import { emergencyVariable } from '../../../settings/names/names.ts';
import type { LiveVariable } from '../../../services/netlify/netlify.ts';
import type { Context } from '../../../settings/context.ts';
import { commandThatSets, contextSetting, optionSetting } from '../../../settings/declared.ts';
import { scopes as allScopes, secretScopes } from '../../../places/netlify/setting.ts';
import { organizationVariable, type Settings, type Variable } from '../../../settings/settings.ts';
import { finding, type Difference, type Finding } from '../finding.ts';
import type { Recorded, RecordedVariable } from '../../../engine/recorded.ts';
import { isLater } from '../../../machine/times.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** Every difference between the declared variables, what the last update wrote, and what is live. */
export function declaredVariables({ netlify }: Settings, recorded: Recorded, live: readonly LiveVariable[]): Finding[] {
  return netlify.variables.flatMap((variable) => {
    const written = recorded.variables.get(variable.name);
    const found = live.find(({ key }) => key === variable.name);
    if (!written) {
      const nothing = { secret: false, scopes: [], values: new Map<Context, undefined>(), writtenAt: undefined };
      return found ? emergency(new Comparison(variable, netlify.contexts, nothing, found)) : [];
    }
    if (!found) {
      return [
        finding({
          kind: 'variable-missing',
          subject: variable.name,
          contexts: variable.values.map(({ context }) => context),
          what: `${variable.name} is not on Netlify any more, in any context.`,
        }),
      ];
    }
    return compare(new Comparison(variable, netlify.contexts, written, found));
  });
}

/** One declared variable beside its live self. */
class Comparison {
  readonly variable: Variable;
  readonly staging: readonly Context[];
  readonly written: RecordedVariable;
  readonly live: LiveVariable;

  constructor(variable: Variable, staging: readonly Context[], written: RecordedVariable, live: LiveVariable) {
    this.variable = variable;
    this.staging = staging;
    this.written = written;
    this.live = live;
  }

  /** A finding about this variable, with who changed it and when. */
  finding(difference: Omit<Difference, 'subject' | 'since' | 'by'>): Finding {
    return finding({
      ...difference,
      subject: this.variable.name,
      since: this.live.updatedAt,
      by: this.live.updatedBy,
    });
  }

  /** What a change of the whole key does to production, whose values it has, too. */
  get ofProduction(): string | undefined {
    const has = this.live.values.some(({ context }) => !this.isStaging(context));
    return has ? 'write the whole key, with the values that production reads, too' : undefined;
  }

  isStaging(context: Context): boolean {
    return this.staging.includes(context);
  }
}

function compare(comparison: Comparison): Finding[] {
  const { variable, live } = comparison;
  const thrown = emergency(comparison);
  if (thrown.length > 0) return thrown;
  const structure = [...missingContexts(comparison), ...flag(comparison), ...scopes(comparison)];
  const values = live.secret ? secretValues(comparison, structure.length > 0) : plainValues(comparison);
  const hasFlagFinding = live.secret !== variable.secret;
  return [...structure, ...extraContexts(comparison), ...(hasFlagFinding ? [] : values)];
}

/** Where somebody threw the emergency switch beside the stack; nothing about the key is fixed meanwhile. */
function emergencyContexts({ variable, live, written }: Comparison): Context[] {
  if (variable.name !== emergencyVariable) return [];
  // A secret value cannot be read: it may be on, unless the last update was the last to write the key.
  const unreadableMayBeOn =
    live.updatedAt === undefined || written.writtenAt === undefined || isLater(live.updatedAt, written.writtenAt);
  const isOn = (value: string | undefined) => (value === undefined ? unreadableMayBeOn : disablesAgents(value));
  return live.values
    .filter(({ context, value }) => isOn(value) && !disablesAgents(written.values.get(context)?.reveal() ?? ''))
    .map(({ context }) => context);
}

/** The emergency switch of the agents on Netlify, thrown past the stack. */
function emergency(comparison: Comparison): Finding[] {
  const contexts = emergencyContexts(comparison);
  if (contexts.length === 0) return [];
  return [
    comparison.finding({
      kind: 'kill-switch-variable',
      contexts,
      what: `${comparison.variable.name} is on in ${contexts.join(' and ')} or cannot be read there, and the last update did not write that. Nothing is known to read it there: alone it stops no agent.`,
      command: forStack('npm run kill-switch -- status'),
      note: `If the emergency goes on: ${forStack('npm run kill-switch -- off --emergency --reason TEXT')}. If it is over: ${forStack('npm run kill-switch -- restore --emergency --reason TEXT')}.`,
    }),
  ];
}

function missingContexts(comparison: Comparison): Finding[] {
  const { variable, live } = comparison;
  const there = new Set(live.values.map(({ context }) => context));
  const missing = variable.values.map(({ context }) => context).filter((context) => !there.has(context));
  const staging = missing.filter((context) => comparison.isStaging(context));
  const foreign = missing.filter((context) => !comparison.isStaging(context));
  return [
    ...(staging.length === 0
      ? []
      : [
          comparison.finding({
            kind: live.secret ? 'secret-context-missing' : 'context-missing',
            contexts: staging,
            what: `${variable.name} has no value in ${staging.join(' and ')}.`,
          }),
        ]),
    ...(foreign.length === 0
      ? []
      : [
          comparison.finding({
            kind: 'production-context-missing',
            contexts: foreign,
            what: `${variable.name} has no value in ${foreign.join(' and ')} any more.`,
            note: 'It writes what the last update recorded there. If the value was taken out on purpose, remove it from the configuration instead.',
          }),
        ]),
  ];
}

function extraContexts(comparison: Comparison): Finding[] {
  const { variable, live } = comparison;
  const declared = new Set(variable.values.map(({ context }) => context));
  const extra = live.values.map(({ context }) => context).filter((context) => !declared.has(context));
  const branches = extra.filter((context) => context.startsWith('branch:'));
  // The organisation has one source for every target; anything else is an error of the configuration.
  const source = variable.name === organizationVariable ? 'organizationId' : 'op://VAULT/ITEM/FIELD';
  const declare = (context: string) => commandThatSets(variable, contextSetting(variable, context), source);
  const undeclared = extra
    .filter((context) => !context.startsWith('branch:'))
    .map((context) =>
      comparison.finding({
        kind: context === 'all' ? 'all-context-undeclared' : 'context-undeclared',
        contexts: [context],
        what: `${variable.name} has a value in ${context} that nobody declared; the next write of the key would be refused.`,
        command: declare(context),
        note:
          variable.name === organizationVariable
            ? `If that context serves the same organisation, declare it and run ${forStack('npm run adopt')}; else remove that value on Netlify.`
            : `Declare it by its own reference and run ${forStack('npm run adopt')}, or remove that value on Netlify.`,
      }),
    );
  if (branches.length === 0) return undeclared;
  return [
    ...undeclared,
    comparison.finding({
      kind: 'branch-value-undeclared',
      contexts: branches,
      what: `${variable.name} has a value for ${branches.join(' and ')} that nobody declared.`,
      note: 'It takes that one value away. To keep it, declare it under netlify.otherContexts.',
    }),
  ];
}

function flag(comparison: Comparison): Finding[] {
  const { variable, live } = comparison;
  if (variable.secret && !live.secret) {
    return [
      comparison.finding({
        kind: 'secret-readable',
        contexts: live.values.map(({ context }) => context),
        what: `${variable.name} must be secret, and Netlify shows its value to everybody who may see the site.`,
        // The whole key is written, production's values too.
        production: comparison.ofProduction,
        ...(comparison.ofProduction !== undefined && { fixedBy: 'ask' as const }),
        note: 'Whoever saw it may have it: rotate it at its vendor and in the vault as well.',
      }),
    ];
  }
  if (!variable.secret && live.secret) {
    return [
      comparison.finding({
        kind: 'secret-flag-irreversible',
        what: `${variable.name} was made secret on Netlify, which cannot be undone.`,
        command: commandThatSets(variable, optionSetting(variable, 'secret'), 'true'),
        note: `Declare it as secret, then: ${forStack('pulumi up')}. Or delete the key on Netlify, in every context, and run ${forStack('pulumi up')}.`,
      }),
    ];
  }
  return [];
}

function scopes(comparison: Comparison): Finding[] {
  const { variable, live } = comparison;
  if (variable.secret !== live.secret) return [];
  const declared: readonly string[] = variable.scopes ?? (variable.secret ? secretScopes : allScopes);
  const there = live.scopes.map((scope) => scope.replace('_', '-'));
  const missing = declared.filter((scope) => !there.includes(scope));
  const added = there.filter((scope) => !declared.includes(scope));
  return [
    ...(missing.length === 0
      ? []
      : [
          comparison.finding({
            kind: 'scope-missing',
            what: `${variable.name} is not given to ${missing.join(' and ')} any more.`,
            production: comparison.ofProduction,
          }),
        ]),
    ...(added.length === 0
      ? []
      : [
          comparison.finding({
            kind: 'scope-added',
            what: `${variable.name} is given to ${added.join(' and ')} too, which is not declared.`,
            production: comparison.ofProduction,
          }),
        ]),
  ];
}

function plainValues(comparison: Comparison): Finding[] {
  const { variable, live, written } = comparison;
  const differing = live.values.flatMap(({ context, value }) => {
    if (!variable.values.some((each) => each.context === context)) return [];
    const expected = written.values.get(context)?.reveal();
    return expected === undefined || expected === value ? [] : [{ context, empty: value === '' }];
  });
  const known = [...written.values.values()].some((value) => value !== undefined);
  if (!known && isLater(live.updatedAt, written.writtenAt)) {
    return [
      comparison.finding({
        kind: 'value-changed',
        what: `${variable.name} was changed since the last update; which value is unknown without the state's passphrase.`,
      }),
    ];
  }
  const organization = variable.name === organizationVariable;
  const of = (kind: Difference['kind'], which: readonly { context: Context }[], what: string, note?: string) =>
    which.length === 0
      ? []
      : [
          comparison.finding({
            kind,
            contexts: which.map(({ context }) => context),
            what: `${variable.name} in ${which.map(({ context }) => context).join(' and ')} ${what}`,
            ...(note !== undefined && { note }),
          }),
        ];
  const staging = differing.filter(({ context }) => comparison.isStaging(context));
  const foreign = differing.filter(({ context }) => !comparison.isStaging(context));
  const [empty, changed] = [staging.filter((each) => each.empty), staging.filter((each) => !each.empty)];
  return [
    ...of('value-empty', organization ? [] : empty, 'is empty.'),
    ...(organization
      ? of('organization-differs', staging, 'is not the one organisation that every target must hold.')
      : of('value-changed', changed, 'is not what the last update wrote.')),
    ...of(
      organization ? 'organization-production-differs' : 'production-value-changed',
      foreign,
      'is not what the last update recorded: production reads something else.',
      `It writes what the last update recorded. If the new value is meant, put it into the vault, then: ${forStack('STAGING_PRODUCTION_CHANGES=allow pulumi up')}`,
    ),
  ];
}

/** A secret value cannot be read: the time of the key's last change decides. */
function secretValues(comparison: Comparison, explained: boolean): Finding[] {
  const { variable, live, written } = comparison;
  if (live.updatedAt === undefined) {
    return [
      comparison.finding({
        kind: 'secret-changed',
        what: `${variable.name} is secret, and Netlify does not say when it was last changed: whether it is still the last update’s, nobody can know.`,
        fixedBy: 'person',
        command: forStack('pulumi up'),
        note: 'Be sure that nobody has changed it by hand, production’s value above all.',
      }),
    ];
  }
  if (!isLater(live.updatedAt, written.writtenAt)) return [];
  const foreign = variable.values.map(({ context }) => context).filter((context) => !comparison.isStaging(context));
  const contexts = variable.values.map(({ context }) => context);
  if (foreign.length > 0) {
    return [
      comparison.finding({
        kind: 'shared-secret-changed',
        contexts,
        what: `${variable.name} is secret and was changed after the last update; whether ${foreign.join(' or ')} changed, nobody can read.`,
        note: `It writes what the last update recorded, to ${foreign.join(' and ')} too. Be sure that production's value was not rotated meanwhile; if it was, put it into the vault first.`,
      }),
    ];
  }
  if (explained) return [];
  return [
    comparison.finding({
      kind: 'secret-changed',
      contexts,
      what: `${variable.name} is secret and was changed after the last update.`,
    }),
  ];
}
