import { disablesAgents, mayDisableAgents } from '../../../settings/names/emergency.ts';
import { emergencyVariable } from '../../../settings/names/names.ts';
import { listVariables, netlifyApi, type LiveVariable } from '../../../services/netlify/netlify.ts';
import type { Api } from '../../../services/door/http.ts';
import type { SiteIds } from '../../../services/netlify/variable.ts';
import {
  createVariable,
  deleteValue,
  deleteVariable,
  replaceVariable,
  setContextValue,
  type NewValue,
  type Written,
} from '../../../services/netlify/writes.ts';
import type { Context } from '../../../settings/context.ts';
import { secretScopes } from '../../../places/netlify/setting.ts';
import type { Variable } from '../../../settings/settings.ts';
import type { Finding } from '../finding.ts';
import type { Look, LookOptions } from '../observed.ts';
import type { RecordedVariable } from '../../../engine/recorded.ts';
import type { Notes } from './notes.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** One key with what is known about it, and what is to be fixed. */
interface Task {
  readonly key: string;
  readonly declared: Variable | undefined;
  readonly recorded: RecordedVariable | undefined;
  readonly live: LiveVariable | undefined;
  readonly findings: readonly Finding[];
  readonly staging: readonly Context[];
}

/** Fixes variables on Netlify with the values that the last update wrote; one key after the other. */
export async function fixVariables(
  { settings }: LookOptions,
  { recorded, variables }: Look,
  findings: readonly Finding[],
  notes: Notes,
): Promise<void> {
  const { site } = recorded;
  if (!site) throw new Error(`Netlify: the stack has no site yet. Run ${forStack('pulumi up')}.`);
  const api = netlifyApi();
  const ids = { accountId: site.teamId, siteId: site.siteId };
  for (const key of new Set(findings.map(({ where }) => where.subject))) {
    const task: Task = {
      key,
      declared: settings.netlify.variables.find(({ name }) => name === key),
      recorded: recorded.variables.get(key),
      live: variables.find((each) => each.key === key),
      findings: findings.filter(({ where }) => where.subject === key),
      staging: settings.netlify.contexts,
    };
    const before = notes.done.length;
    try {
      await fixOne(api, ids, task, notes);
    } catch (error) {
      notes.failed.push(`${key}: ${error instanceof Error ? error.message : String(error)}`);
    }
    notes.wroteNetlify ||= notes.done.length > before;
  }
}

async function fixOne(api: Api, ids: SiteIds, task: Task, notes: Notes): Promise<void> {
  const { key, declared, live } = task;
  const has = (...kinds: Finding['kind'][]) => task.findings.some(({ kind }) => kinds.includes(kind));
  await refuseOldLook(api, ids, task);
  // Netlify's own time of the last write: what is later was not this run.
  let written: Written;
  let touched = false;
  if (has('variable-missing') && declared) {
    const values = recordedValues(task, stagingContexts(task));
    written = await createVariable(api, ids, key, { secret: declared.secret, ...scopesOf(declared), values });
    notes.done.push(`${key}: made again in ${values.map(({ context }) => context).join(' and ')}`);
    touched = true;
  } else if (has('secret-readable', 'scope-missing', 'scope-added') && declared && live) {
    written = await replaceVariable(api, ids, key, {
      secret: declared.secret,
      ...scopesOf(declared),
      values: wholeKey(task, live),
    });
    notes.done.push(`${key}: ${declared.secret ? 'secret, ' : ''}scopes as declared`);
    touched = true;
  } else {
    const contexts = contextsToWrite(task);
    for (const value of recordedValues(task, contexts)) {
      written = await setContextValue(api, ids, key, value);
      notes.done.push(
        `${key}: written in ${value.context}${task.staging.includes(value.context) ? '' : ' (PRODUCTION)'}`,
      );
      touched = true;
    }
  }
  const removed = await removeValues(api, ids, task, touched, notes);
  // A secret of production's stays suspect until a person has named it: its time must not be taken as ours.
  const shared =
    live?.secret === true && declared?.values.some(({ context }) => !task.staging.includes(context)) === true;
  if (!touched || (shared && !has('shared-secret-changed'))) return;
  // A deletion answers with no time of its own.
  const time = removed ? (await listVariables(api, ids)).find((each) => each.key === key)?.updatedAt : written;
  if (time === undefined)
    throw new Error('it was written, and Netlify gave no time for it: the next look compares it.');
  notes.writes.variables.set(key, time);
}

/** Refuses when the key is not what the look saw, or when the agents' emergency switch is on there. */
async function refuseOldLook(api: Api, ids: SiteIds, { key, live, recorded, findings }: Task): Promise<void> {
  const fresh = (await listVariables(api, ids)).find((each) => each.key === key);
  if (seenAs(fresh) !== seenAs(live)) throw new Error('it was changed on Netlify since the check. Check again.');
  if (fresh && fresh.updatedAt === undefined) {
    throw new Error('Netlify does not say when it was last changed, so that nobody can know whose value is there.');
  }
  const removes = findings.some(({ kind }) => kind.endsWith('-undeclared'));
  const goesOn = (context: Context) => !removes && disablesAgents(recorded?.values.get(context)?.reveal() ?? '');
  // A secret value cannot be read, so it may be on.
  const emergency =
    key === emergencyVariable &&
    fresh?.values.some(({ context, value }) => mayDisableAgents(value) && !goesOn(context));
  if (emergency === true)
    throw new Error(
      `it is on there, or cannot be read, and this would end it. If the emergency is over: ${forStack('npm run kill-switch -- restore --emergency --reason TEXT')}`,
    );
}

/** All of a variable that a write could take away. */
function seenAs(live: LiveVariable | undefined): string {
  const values = live?.values.map(({ context, value }) => [context, value]).sort();
  return JSON.stringify([values, live?.secret, live && [...live.scopes].sort(), live?.updatedAt]);
}

/** The contexts whose value is written one by one. A secret that changed is written in all of them: none can be read. */
function contextsToWrite(task: Task): Context[] {
  const contexts = task.findings.flatMap(({ kind, where }) => {
    switch (kind) {
      case 'secret-changed':
      case 'secret-context-missing':
        return stagingContexts(task);
      case 'shared-secret-changed':
        return task.declared?.values.map(({ context }) => context) ?? [];
      case 'context-missing':
      case 'production-context-missing':
      case 'value-changed':
      case 'value-empty':
      case 'production-value-changed':
      case 'organization-differs':
      case 'organization-production-differs':
        return (where.contexts ?? stagingContexts(task)) as Context[];
      default:
        return [];
    }
  });
  return [...new Set(contexts)];
}

function stagingContexts({ declared, staging }: Task): Context[] {
  return (declared?.values ?? []).map(({ context }) => context).filter((context) => staging.includes(context));
}

function recordedValues({ key, recorded }: Task, contexts: readonly Context[]): NewValue[] {
  return contexts.map((context) => {
    const value = recorded?.values.get(context)?.reveal();
    if (value === undefined)
      throw new Error(
        `the stack has no value of ${key} for ${context} that could be read. Run ${forStack('pulumi up')}.`,
      );
    return { context, value };
  });
}

/** Every value of a key that must be replaced whole: staging's as recorded, the others byte for byte as they are. */
function wholeKey(task: Task, live: LiveVariable): NewValue[] {
  const staging = stagingContexts(task);
  const foreign = live.values.filter(({ context }) => !staging.includes(context));
  return [
    ...recordedValues(task, staging),
    ...foreign.map(({ context, value }) => {
      if (value === undefined)
        throw new Error(
          `its value in ${context} cannot be read, and Netlify changes scopes only with all values. Change them in Netlify's own page.`,
        );
      return { context, value };
    }),
  ];
}

function scopesOf({ secret, scopes }: Variable): { scopes?: readonly string[] } {
  const wanted = scopes ?? (secret ? secretScopes : undefined);
  return wanted === undefined ? {} : { scopes: wanted };
}

/**
 * Takes away the values that nobody declared, by the ids that they have now: a whole variable only when it has nothing
 * but those, and nothing was just written to it. Yields whether anything was.
 */
async function removeValues(
  api: Api,
  ids: SiteIds,
  { key, findings, staging }: Task,
  touched: boolean,
  notes: Notes,
): Promise<boolean> {
  let removed = false;
  for (const { kind, where } of findings) {
    if (kind !== 'branch-value-undeclared' && kind !== 'staging-variable-undeclared') continue;
    const isUnwanted = ({ context }: { readonly context: Context }) =>
      kind === 'staging-variable-undeclared' ? staging.includes(context) : where.contexts?.includes(context) === true;
    const live = (await listVariables(api, ids)).find((each) => each.key === key);
    if (!touched && live?.values.every(isUnwanted) === true) {
      await deleteVariable(api, ids, key);
      removed = true;
      notes.done.push(`${key}: deleted, it had values in staging's contexts alone`);
      continue;
    }
    for (const value of live?.values.filter(isUnwanted) ?? []) {
      await deleteValue(api, ids, key, value.id);
      removed = true;
      notes.done.push(`${key}: removed from ${value.context}`);
    }
  }
  return removed;
}
