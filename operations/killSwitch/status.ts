import { sharedProject } from '../../settings/sharedProject.ts';
import type { Place } from '../deploys/place.ts';
import { databaseHost, openDatabase } from './access.ts';
import { configurationFile, declaredValue } from './configuration.ts';
import { emergencyVariable } from '../../settings/names.ts';
import { readNetlify, type NetlifySwitch } from './netlify.ts';
import { readTable, type TableSwitch } from './table.ts';

/** Both levels, as far as they could be read, and what follows. */
export interface KillSwitchStatus {
  readonly project: string;
  /** The host that the table was read from. */
  readonly host: string;
  readonly table: TableSwitch | { readonly error: string };
  readonly netlify: NetlifySwitch | { readonly error: string };
  /** What the stack's configuration declares for the emergency variable, a value or its reference; `null` when nothing. */
  readonly declared: string | null;
  /** Whether staging's agents act now. */
  readonly staging: 'disabled' | 'enabled' | 'unknown';
  /** Whether production's agents act now, as far as the table decides it. */
  readonly production: 'disabled' | 'enabled' | 'unknown';
  /** Which level decides for staging. */
  readonly decidedBy: 'table' | 'netlify' | 'both' | 'neither' | 'unknown';
}

/** Reads both levels at once; one that cannot be read does not hide the other. */
export async function readStatus(place: Place): Promise<KillSwitchStatus> {
  const [table, netlify] = await Promise.all([
    errorAsValue(async () => {
      const found = await readTable(await openDatabase(place.settings));
      if (!found) throw new Error("agent_runtime_config has no row 'global': agents act. `off` makes the row.");
      return found;
    }),
    errorAsValue(async () => {
      const { api, site } = await place.netlify();
      return readNetlify(api, site, place.settings.netlify.contexts);
    }),
  ]);
  const byTable = 'error' in table ? undefined : table.disabled;
  const byNetlify = 'error' in netlify ? undefined : netlify.disabled && netlify.deployed;
  const declared = declaredValue(configurationFile(place.root, place.stack)) ?? declaredReference(place) ?? null;
  return {
    project: sharedProject.ref,
    host: databaseHost(),
    table,
    netlify,
    declared,
    ...conclusion(byTable, byNetlify),
  };
}

/** The reference by which the configuration declares the variable, where that is no value: only the vault knows which. */
function declaredReference({ settings }: Place): string | undefined {
  const source = settings.netlify.variables.find(({ name }) => name === emergencyVariable)?.values[0]?.source;
  return source?.kind === 'reference' ? source.reference : undefined;
}

/** `true` on either level disables; only two known levels that are off mean that agents act. */
export function conclusion(
  byTable: boolean | undefined,
  byNetlify: boolean | undefined,
): Pick<KillSwitchStatus, 'staging' | 'production' | 'decidedBy'> {
  const word = (disabled: boolean | undefined) =>
    disabled === undefined ? 'unknown' : disabled ? 'disabled' : 'enabled';
  const either =
    byTable === true || byNetlify === true ? true : byTable === false && byNetlify === false ? false : undefined;
  const decidedBy =
    byTable && byNetlify
      ? 'both'
      : byNetlify
        ? 'netlify'
        : byTable
          ? 'table'
          : either === false
            ? 'neither'
            : 'unknown';
  return { staging: word(either), production: word(byTable), decidedBy };
}

/** The status for people: one line a level, then what follows. */
export function statusText(status: KillSwitchStatus): string {
  const { table, netlify } = status;
  const lines = [
    'error' in table
      ? `  Level 1, table    unknown: ${table.error}`
      : `  Level 1, table    agents are ${table.disabled ? 'DISABLED' : 'enabled'} (since ${table.at}, by ${table.by ?? 'nobody named'}${table.reason ? `: ${table.reason}` : ''})`,
    'error' in netlify
      ? `  Level 2, Netlify  unknown: ${netlify.error}`
      : `  Level 2, Netlify  ${netlifyText(netlify)}`,
    `  Configuration     ${emergencyVariable} is ${status.declared ?? 'not declared'}${mismatch(status)}`,
    '',
    `Staging's agents are ${status.staging}${decided(status.decidedBy)}.`,
    `Production's agents are ${status.production} by the table, which all environments share (${status.project}, read at ${status.host}).`,
  ];
  return `${lines.join('\n')}\n`;
}

function netlifyText({ values, inherited, disabled, deployed, changedAt, changedBy }: NetlifySwitch): string {
  const set = [...Object.entries(values), ...(inherited === undefined ? [] : [['every other branch', inherited]])];
  if (set.length === 0) return 'not set: the table decides';
  const shown = set.map(([context, value]) => `${context}=${value}`).join(', ');
  const when = `changed ${changedAt ?? 'at an unknown time'} by ${changedBy ?? 'somebody'}`;
  const effect = disabled
    ? deployed
      ? 'overrides the table'
      : 'NOT in effect yet: it needs a deploy (npm run deploy:trigger)'
    : 'does not override: staging’s newest deploy is of a branch that does not read true';
  return `${shown} (${when}); ${effect}`;
}

function decided(by: KillSwitchStatus['decidedBy']): string {
  if (by === 'both') return ', by both levels';
  if (by === 'netlify') return ': the emergency variable on Netlify wins over the table';
  return by === 'table' ? ', by the table' : '';
}

/** What the next `pulumi up` makes of the difference, when there is one. A reference cannot be compared without the vault. */
function mismatch({ netlify, declared }: KillSwitchStatus): string {
  if ('error' in netlify || declared?.startsWith('op://')) return '';
  const live = [...new Set(Object.values(netlify.values))];
  if (declared === null) return undeclared(live);
  const same = live.length === 1 && live[0] === declared;
  return same ? '' : ', which is not what Netlify has: the next `pulumi up` would change it';
}

/** A key that is not declared is none of the stack's: `pulumi up` changes nothing about it. */
function undeclared(live: readonly (string | undefined)[]): string {
  if (live.length === 0) return '';
  const verb = live.includes('true') ? 'off' : 'restore';
  return `: \`pulumi up\` leaves it on Netlify as it is. To write it down: npm run kill-switch -- ${verb} --emergency --reason TEXT`;
}

async function errorAsValue<Result>(work: () => Promise<Result>): Promise<Result | { readonly error: string }> {
  try {
    return await work();
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
