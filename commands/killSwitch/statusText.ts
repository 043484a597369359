import { disablesAgents, mayDisableAgents } from '../../settings/names/emergency.ts';
import { emergencyVariable } from '../../settings/names/names.ts';
import { emergencyCommand, levelOneCommand, type Named } from '../../killSwitch/next.ts';
import type { NetlifySwitch } from '../../killSwitch/netlify.ts';
import { readersText, rowUnreadable } from '../../killSwitch/readers.ts';
import type { SecretSwitch } from '../../killSwitch/secret.ts';
import type { KillSwitchStatus } from '../../killSwitch/status.ts';
import type { TableSwitch } from '../../killSwitch/table.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';
import { killSwitchTable } from '../../settings/names/killSwitchTable.ts';

/** The status for people: two lines a place, then what follows from those that agents read. */
export function statusText(status: KillSwitchStatus, named: Named): string {
  const { table, secret, netlify } = status;
  const lines = [
    ...placeLines(
      'Level 1, row',
      readersText('row'),
      table !== null && 'error' in table
        ? `UNKNOWN. Where agents cannot read it either, ${rowUnreadable}.\n${table.error}`
        : tableText(table),
    ),
    ...placeLines(
      'Level 2, secret',
      readersText('secret'),
      'error' in secret
        ? `UNKNOWN. Agents read it all the same: true, 1 or yes stops them.\n${secret.error}`
        : secretText(secret),
    ),
    ...placeLines(
      'Netlify variable',
      readersText('netlify'),
      'error' in netlify ? `UNKNOWN. It changes nothing for the agents.\n${netlify.error}` : netlifyText(netlify),
    ),
    `  Configuration     ${emergencyVariable} is ${status.declared ?? 'not declared'}${mismatch(status)}`,
    '',
    ...conclusionLines(status, named),
  ];
  return `${lines.join('\n')}\n`;
}

function placeLines(name: string, readers: string, text: string): string[] {
  const [first = '', ...more] = text.split('\n');
  return [`  ${name.padEnd(17)} ${first}`, ...[...more, readers].map((line) => `${' '.repeat(20)}${line}`)];
}

function tableText(table: TableSwitch | null): string {
  if (table === null) return `agents are enabled: ${killSwitchTable.table} has no row yet (\`off\` makes it)`;
  const why = table.reason ? `: ${table.reason}` : '';
  return `agents are ${table.disabled ? 'DISABLED' : 'enabled'} (since ${table.at}, by ${table.by ?? 'nobody named'}${why})`;
}

function secretText({ set, disabled, value, at }: SecretSwitch): string {
  if (!set) return 'not set: the row decides';
  const shown = value === undefined ? 'set to a value that is none of true, 1 and yes' : JSON.stringify(value.trim());
  const since = `since ${at ?? 'an unknown time'}, by somebody: Supabase does not say who`;
  return `${shown}: ${disabled ? 'agents are DISABLED, whatever the row says' : 'the row decides'} (${since})`;
}

function netlifyText({ values, unreadable, inherited, changedAt, changedBy }: NetlifySwitch): string {
  const hidden = unreadable.map((context) => [context, '(secret: it cannot be read)'] as const);
  const set = [
    ...Object.entries(values),
    ...hidden,
    ...(inherited === undefined ? [] : [['every other branch', inherited]]),
  ];
  if (set.length === 0) return 'not set';
  const shown = set.map(([context, value]) => `${context}=${value}`).join(', ');
  return `${shown} (since ${changedAt ?? 'an unknown time'}, by ${changedBy ?? 'somebody'}), NOT in effect: nothing is known to read it`;
}

function conclusionLines(
  { staging, production, decidedBy, table, secret, project, host }: KillSwitchStatus,
  named: Named,
): string[] {
  const by = { table: ', by the row', secret: ', by the secret', both: ', by both levels', neither: '', unknown: '' };
  const lines = [
    `Staging's agents are ${staging}${by[decidedBy]}.`,
    production === null
      ? `They read these two places alone (${project}, read at ${host}).`
      : `Production's agents are ${production}: they read the same two places (${project}, read at ${host}).`,
  ];
  if (staging === 'disabled') return lines;
  const unread = [
    ...(table !== null && 'error' in table ? ['the row'] : []),
    ...('error' in secret ? ['the secret'] : []),
  ];
  if (unread.length === 0) return lines;
  // Nothing that was read stops them: as long as the rest is not seen, an engineer must take it that they act.
  const next = unread.includes('the row') ? emergencyCommand('off', named) : levelOneCommand('off', named);
  return [
    ...lines,
    `AGENTS STILL ACT, unless ${unread.join(' or ')}, which could not be read, stops them. To stop them without it:`,
    `  ${next}`,
  ];
}

/** What the next `pulumi up` makes of the difference, when there is one. A reference cannot be compared without the vault. */
function mismatch({ netlify, declared }: KillSwitchStatus): string {
  if ('error' in netlify || declared?.startsWith('op://')) return '';
  const hidden = netlify.unreadable.length > 0 ? [undefined] : [];
  const live = [...new Set<string | undefined>([...Object.values(netlify.values), ...hidden])];
  if (declared === null) return undeclared(live);
  if (live.length === 1 && live[0] === declared) return '';
  const has =
    live.length === 0 ? 'nothing' : live.map((value) => value ?? 'a secret that cannot be read').join(' and ');
  const ends = live.some(mayDisableAgents) && !disablesAgents(declared);
  const then = ends ? `refuses to write ${declared} there while that may stop agents` : `would write ${declared} there`;
  return `. Netlify has ${has}: the next \`${forStack('pulumi up')}\` ${then}. For the agents neither counts`;
}

/** A key that is not declared is none of the stack's: `pulumi up` changes nothing about it. */
function undeclared(live: readonly (string | undefined)[]): string {
  if (live.length === 0) return '';
  const verb = live.some(mayDisableAgents) ? 'off' : 'restore';
  return `: \`${forStack('pulumi up')}\` leaves it on Netlify as it is. To write it down: ${forStack(`npm run kill-switch -- ${verb} --emergency --reason TEXT`)}`;
}
