import { exitCode } from '../../cli/errors.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { redeploy, type Way } from '../../deploys/redeploy.ts';
import { confirmSharedProject } from '../../cli/sharedProject.ts';
import { databaseHost, openDatabase, openManagement } from '../../killSwitch/access.ts';
import { setEmergency } from './emergency.ts';
import { emergencyVariable } from '../../settings/names/names.ts';
import { emergencyCommand, levelOneCommand } from '../../killSwitch/next.ts';
import { readersText } from '../../killSwitch/readers.ts';
import { readSecret, writeSecret } from '../../killSwitch/secret.ts';
import { readTable, writeTable } from '../../killSwitch/table.ts';
import { thisWill } from '../../cli/dryRun.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';
import { killSwitchTable } from '../../settings/names/killSwitchTable.ts';

/** What a person asked for. */
export interface Change {
  readonly disabled: boolean;
  readonly reason: string;
  readonly by: string;
  readonly yes: boolean;
  readonly project: string | undefined;
  readonly dryRun: boolean;
  readonly direct: boolean;
  readonly redeploy: Way | 'none';
  readonly timeoutMs: number;
  readonly report: (line: string) => void;
  readonly print: (text: string, data: unknown) => void;
}

/** Level 1: the row in the shared database. */
export async function changeTable(staging: StagingServices, change: Change): Promise<number> {
  const { disabled, reason, by, report, print } = change;
  const what = disabled ? 'DISABLE the actions of all agents' : 'let agents act again';
  report(
    `${thisWill(change.dryRun)} ${what}, at once: ${killSwitchTable.table}.actions_disabled = ${String(disabled)} in ${staging.project.ref} at ${databaseHost(staging.settings)}.${staging.project.isShared ? "\nThe database is shared: PRODUCTION's agents are included." : ''}`,
  );
  const { database, before } = await orSayWhatAgentsDo(
    change,
    (verb) => emergencyCommand(verb, staging),
    async () => {
      const opened = await openDatabase(staging.settings);
      return { database: opened, before: await readTable(opened) };
    },
  );
  if (before?.disabled === disabled) {
    print(`Nothing to do: it is so since ${before.at}, by ${before.by ?? 'nobody named'}.\n`, {
      changed: false,
      table: before,
    });
    return exitCode.fine;
  }
  if (change.dryRun) {
    print('Nothing was done (--dry-run).\n', { changed: false, dryRun: true, table: before ?? null });
    return exitCode.fine;
  }
  if (!(await confirmed(staging, change))) return exitCode.error;
  const table = await orSayWhatAgentsDo(
    change,
    (verb) => emergencyCommand(verb, staging),
    () => writeTable(database, { disabled, reason, by }),
  );
  const next = disabled
    ? `Prove it: ${forStack('npm run kill-switch -- verify')}`
    : `Level 2 is separate: ${forStack('npm run kill-switch -- status')}`;
  print(
    `Done and read back: agents are ${disabled ? 'DISABLED' : 'enabled'} by the row since ${table.at}, by ${by}: ${reason}\n${next}\n`,
    { changed: true, table },
  );
  return exitCode.fine;
}

/** Level 2: the Edge Function secret, which agents read before the row; and the playbook's variable beside it. */
export async function changeEmergency(staging: StagingServices, change: Change): Promise<number> {
  const { disabled, by, report, print } = change;
  const value = disabled ? 'true' : 'false';
  const { contexts } = staging.settings.netlify;
  report(
    `${thisWill(change.dryRun)} set ${emergencyVariable}=${value} in two places:\n` +
      `  Edge Function secret of ${staging.project.ref}: ${readersText('secret')}${staging.project.isShared ? ", PRODUCTION's agents included" : ''}; at once, without a deploy\n` +
      `  Netlify variable in ${contexts.join(' and ')}: ${readersText('netlify')}; written down in the stack's configuration, too`,
  );
  const { api, before } = await orSayWhatAgentsDo(
    change,
    (verb) => levelOneCommand(verb, staging),
    async () => {
      const opened = await openManagement(staging.settings);
      return { api: opened, before: await readSecret(opened, staging.project.ref) };
    },
  );
  if (change.dryRun) {
    print('Nothing was done (--dry-run).\n', { changed: false, dryRun: true, secret: before });
    return exitCode.fine;
  }
  if (!(await confirmed(staging, change))) return exitCode.error;
  // The time of a switch that is on already stays: what was proved from it on stays proved.
  const done = before.set && before.disabled === disabled;
  const secret = done
    ? before
    : await orSayWhatAgentsDo(
        change,
        (verb) => levelOneCommand(verb, staging),
        () => writeSecret(api, staging.project.ref, value),
      );
  const state = disabled
    ? 'DISABLED: the agents of every environment that uses the project are refused'
    : 'as the row says';
  report(
    `${done ? 'Nothing to do' : 'Done'} and read back: by the secret, agents are ${state} (since ${secret.at ?? 'now'}).`,
  );

  const note = `${disabled ? 'EMERGENCY: agents stopped' : 'Agents restored'} by ${by} at ${new Date().toISOString()}: ${change.reason}`;
  const netlify = await setVariable(staging, change, value, note);
  const next = disabled
    ? forStack('npm run kill-switch -- verify')
    : `${forStack('npm run kill-switch -- status')}   # level 1 is separate`;
  print(
    [
      `Edge Function secret ${emergencyVariable}=${value}: read back; ${readersText('secret')}.`,
      'problem' in netlify
        ? `Netlify variable: NOT set (${netlify.problem}). It stops nobody: ${readersText('netlify')}.`
        : `Netlify variable ${emergencyVariable}=${value}: read back; ${readersText('netlify')}.`,
      ...('notDeployed' in netlify ? [`Staging was NOT deployed with it: ${netlify.notDeployed}`] : []),
      ...[next, ...('next' in netlify ? netlify.next : [])].map((line) => `Next: ${line}`),
      '',
    ].join('\n'),
    { changed: !done, secret, netlify },
  );
  return 'problem' in netlify || 'notDeployed' in netlify ? exitCode.findings : exitCode.fine;
}

type VariableResult =
  | {
      readonly by: 'stack' | 'direct';
      readonly next: readonly string[];
      /** Why staging was not deployed with it, where that was asked for and failed. */
      readonly notDeployed?: string;
    }
  | { readonly problem: string };

/** The variable on Netlify. Whatever fails here, the secret stays as it was set: it is what agents read. */
async function setVariable(
  staging: StagingServices,
  { direct, redeploy: via, timeoutMs, report }: Change,
  value: 'true' | 'false',
  note: string,
): Promise<VariableResult> {
  let set: Exclude<VariableResult, { readonly problem: string }>;
  try {
    set = await setEmergency(staging, { value, note, direct, report });
  } catch (error) {
    return { problem: messageOf(error) };
  }
  const how = set.by === 'stack' ? 'through the stack' : 'set directly';
  report(`${emergencyVariable} is ${value} on Netlify (${how}), read back.`);
  try {
    if (via !== 'none') await redeploy(staging, { via, title: `${emergencyVariable} changed`, timeoutMs, report });
    return set;
  } catch (error) {
    return { ...set, notDeployed: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function confirmed({ project }: StagingServices, change: Change): Promise<boolean> {
  const { disabled, report } = change;
  const otherwise = disabled ? 'AGENTS STILL ACT' : 'agents stay as they are';
  const question = `Type ${project.ref} to ${disabled ? 'disable agents' : 'let agents act'}:`;
  if (await confirmSharedProject(question, { ...change, ...project, project: change.project }, otherwise)) return true;
  report(`Nothing was done: ${otherwise}.`);
  return false;
}

/** Does one step of a level. What it throws says what agents do now, and the command of the level that works without it. */
async function orSayWhatAgentsDo<Result>(
  { disabled }: Change,
  other: (verb: 'off' | 'restore') => string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const now = disabled
      ? `AGENTS STILL ACT: it is not proved that anything was changed.\n${why}\nTo stop them without it: ${other('off')}`
      : `Agents stay as they are: it is not proved that anything was changed.\n${why}\nLook: ${forStack('npm run kill-switch -- status')}`;
    throw new Error(now, { cause: error });
  }
}
