import { sharedProject } from '../../settings/sharedProject.ts';
import { exitCode } from '../cli.ts';
import { confirm } from '../confirm.ts';
import type { Place } from '../deploys/place.ts';
import { redeploy, type Redeployed, type Way } from '../deploys/redeploy.ts';
import { readRuntimeConfig } from '../deploys/runtimeConfig.ts';
import { confirmSharedProject } from '../project.ts';
import { databaseHost, openDatabase } from './access.ts';
import { setEmergency } from './emergency.ts';
import { emergencyVariable } from '../../settings/names.ts';
import { readNetlify } from './netlify.ts';
import { readTable, writeTable } from './table.ts';

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
export async function changeTable(place: Place, change: Change): Promise<number> {
  const { disabled, reason, by, report, print } = change;
  const what = disabled ? 'DISABLE the actions of all agents' : 'let agents act again';
  report(
    `This will ${what}, at once: agent_runtime_config.actions_disabled = ${String(disabled)} in ${sharedProject.ref} at ${databaseHost()}.\n` +
      "The database is shared: PRODUCTION's agents are included.",
  );
  const database = await openDatabase(place.settings);
  const before = await readTable(database);
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
  const question = `Type the project's reference to ${disabled ? 'disable agents' : 'let agents act'}:`;
  if (!(await confirmSharedProject(question, change))) {
    report('Nothing was done.');
    return exitCode.error;
  }
  const table = await writeTable(database, { disabled, reason, by });
  const next = disabled ? 'Prove it: npm run kill-switch -- verify' : 'Level 2 is apart: npm run kill-switch -- status';
  print(
    `Done and read back: agents are ${disabled ? 'DISABLED' : 'enabled'} since ${table.at}, by ${by}: ${reason}\n${next}\n`,
    { changed: true, table },
  );
  return exitCode.fine;
}

/** Level 2: the variable on Netlify, with the deploy that makes it count. */
export async function changeNetlify(place: Place, change: Change): Promise<number> {
  const { disabled, report, print } = change;
  const value = disabled ? 'true' : 'false';
  const { contexts } = place.settings.netlify;
  report(
    `This will set ${emergencyVariable}=${value} on Netlify in ${contexts.join(' and ')}, write it down in the stack's ` +
      `configuration, ${change.redeploy === 'none' ? 'and redeploy NOTHING (it has no effect until a deploy)' : `and redeploy ${place.branch}`}.\n` +
      "Production's values are not touched.",
  );
  if (change.dryRun) {
    print('Nothing was done (--dry-run).\n', { changed: false, dryRun: true });
    return exitCode.fine;
  }
  if (!(await confirm(disabled ? 'Disable staging’s agents?' : 'Let staging’s agents act again?', change))) {
    report('Nothing was done.');
    return exitCode.error;
  }
  const note = `${disabled ? 'EMERGENCY: agents stopped' : 'Agents restored'} by ${change.by} at ${new Date().toISOString()}: ${change.reason}`;
  const { by, next } = await setEmergency(place, { value, note, direct: change.direct, report });
  report(
    `${emergencyVariable} is ${value} on Netlify (${by === 'stack' ? 'through the stack' : 'set directly'}), read back.`,
  );
  const deployed = await deploy(place, change);
  const { api, site } = await place.netlify();
  const netlify = await readNetlify(api, site, contexts);
  print([...outcomeLines(disabled, deployed), ...next.map((line) => `Next: ${line}`), ''].join('\n'), {
    changed: true,
    by,
    netlify,
    deployed,
    next,
  });
  return deployed.proved ? exitCode.fine : exitCode.findings;
}

interface Deployed {
  readonly proved: boolean;
  readonly url?: string;
  readonly problem?: string;
}

/** Redeploys, and asks the deployed site what it reads. Whatever fails here, the variable stays as it was set. */
async function deploy(place: Place, { redeploy: via, timeoutMs, disabled, report }: Change): Promise<Deployed> {
  if (via === 'none') return { proved: false, problem: 'no redeploy was wanted' };
  let done: Redeployed;
  try {
    done = await redeploy(place, { via, title: `${emergencyVariable} changed`, timeoutMs, report });
  } catch (error) {
    return { proved: false, problem: error instanceof Error ? error.message : String(error) };
  }
  try {
    const { agentActionsDisabled } = await readRuntimeConfig(done.url, Math.min(timeoutMs, 30_000));
    if (agentActionsDisabled === disabled) return { proved: true, url: done.url };
    const said = agentActionsDisabled === undefined ? 'does not tell' : `says ${String(agentActionsDisabled)}`;
    return { proved: false, url: done.url, problem: `the deployed site's agentActionsDisabled ${said}` };
  } catch (error) {
    return { proved: false, url: done.url, problem: error instanceof Error ? error.message : String(error) };
  }
}

function outcomeLines(disabled: boolean, { proved, url, problem }: Deployed): string[] {
  if (proved) return [`Proved: ${url ?? ''} runs with agents ${disabled ? 'DISABLED' : 'as the table says'}.`];
  return [
    `The variable is set, but that staging reads it is NOT PROVED: ${problem ?? 'unknown'}.`,
    'Next: npm run deploy:trigger',
  ];
}
