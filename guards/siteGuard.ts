import * as pulumi from '@pulumi/pulumi';
import { isAncestor } from '../secrets/traces/engineProcess.ts';
import { withoutSecretMarks } from '../secrets/wire.ts';
import { listVariables, netlifyApi, type LiveVariable } from '../services/netlify/netlify.ts';
import { allowedBy, commandThatAllows } from '../settings/allowances.ts';
import { contextOf, type Context } from '../settings/context.ts';
import { otherHolders } from '../settings/otherHolders.ts';
import type { Declared } from '../settings/declared.ts';
import type { Settings, Variable } from '../settings/settings.ts';
import { emergencyDeleted } from './emergencyRules.ts';
import type { Judged } from './judged.ts';
import { safeRefusal } from './messages.ts';
import { warnOfMissingBranches } from './missingBranches.ts';
import type { PlannedWrite, Values } from './plannedWrite.ts';
import type { ProductionWrites } from './productionWrites.ts';
import { refused } from './refusal.ts';
import { rotationLeaves } from './rotation.ts';
import { readSite, type SeenSite } from './seenSite.ts';
import { effectiveScopes, objections, productionChanges, type SiteRules } from './siteRules.ts';

/**
 * A hook that runs before a Netlify key is created or updated, in previews too, and throws when the write would remove
 * or change what production reads, take staging's own values away, or end the agents' emergency. It asks Netlify once a
 * run, and only when there is a write to judge: an unchanged stack costs no request. Without the vault (`vaultWasRead`)
 * it judges contexts and scopes alone: what the inputs hold are then values of the state, at the place of another context
 * when contexts come or go.
 */
export function siteGuard(
  settings: Settings,
  vaultWasRead: boolean,
  writes: ProductionWrites,
  judged: Judged,
): pulumi.ResourceHook {
  let site: Promise<SeenSite> | undefined;
  const holders = otherHolders(settings);
  const look = async (inputs: KeyInputs): Promise<SeenSite> => {
    const [seen] = await Promise.all([readSite(settings.netlify, inputs), warnOfMissingBranches(settings)]);
    for (const note of seen.teamWide) await pulumi.log.warn(`${note}.`);
    return seen;
  };
  return new pulumi.ResourceHook(
    'site-guard',
    judged.before(async (args) => {
      const inputs = (await withoutSecretMarks(args.newInputs)) as KeyInputs;
      const seen = await (site ??= look(inputs));
      const write = plannedWrite(
        inputs,
        (await withoutSecretMarks(args.oldInputs)) as KeyInputs | undefined,
        (await withoutSecretMarks(args.oldOutputs)) as KeyOutputs | undefined,
        seen.live,
        settings.netlify.variables,
      );
      const known = vaultWasRead ? write : { ...write, planned: unknownValues(write.planned) };
      const rules = rulesOf(settings.netlify, seen);
      const reasons = objections(known, rules);
      // One line: commands that run the engine show the first line of each error.
      if (reasons.length > 0) throw new Error(`${refused()}: ${reasons.map((reason) => `${reason}.`).join(' ')}`);
      await writes.announce(known.key, productionChanges(known, rules));
      const left = rotationLeaves(known, settings.netlify.contexts, holders.get(known.key) ?? []);
      if (left !== undefined) await pulumi.log.warn(left);
    }),
    { onDryRun: true },
  );
}

/**
 * A hook that runs before the emergency variable is deleted from a site, in previews too, and throws while it keeps
 * agents from acting.
 */
export function emergencyDeletionGuard(): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    'emergency-deletion-guard',
    async ({ oldInputs }) => {
      const { key, siteId, teamId } = (await withoutSecretMarks(oldInputs)) as KeyInputs;
      const variables = await listVariables(netlifyApi(), { accountId: teamId, siteId });
      const reason = emergencyDeleted(
        variables.find((each) => each.key === key),
        endsEmergency(),
      );
      if (reason !== undefined) throw safeRefusal(`${refused()}: ${reason}.`);
    },
    { onDryRun: true },
  );
}

function rulesOf(netlify: Settings['netlify'], { clockAhead, losing }: SeenSite): SiteRules {
  const stack = pulumi.getStack();
  const allow = (by: 'run' | 'file' | undefined) => (by === undefined ? 'refuse' : 'allow');
  return {
    stagingContexts: netlify.contexts,
    productionBranch: netlify.productionBranch,
    isOwnSite: netlify.mode === 'separate-site',
    productionChanges: allow(allowedBy('netlify.productionChanges', netlify.productionChanges)),
    contextRemovals: allow(allowedBy('netlify.contextRemovals', netlify.contextRemovals)),
    losing,
    commands: {
      productionChanges: commandThatAllows('netlify.productionChanges', stack),
      contextRemovals: commandThatAllows('netlify.contextRemovals', stack),
    },
    clockAhead,
    endsEmergency: endsEmergency(),
  };
}

/**
 * Whether `kill-switch` runs this update: the variable holds its process's number, so that one which stays in a shell
 * lets no ordinary update end an emergency.
 */
function endsEmergency(env: Readonly<NodeJS.ProcessEnv> = process.env): boolean {
  const pid = Number(env.STAGING_ENDS_EMERGENCY);
  return Number.isInteger(pid) && pid > 1 && isAncestor(pid) !== false;
}

interface KeyInputs {
  readonly key: string;
  readonly siteId: string;
  readonly teamId: string;
  readonly scopes?: readonly string[];
  readonly values?: readonly InputValue[];
  readonly secretValues?: readonly InputValue[];
}

interface InputValue {
  readonly context: string;
  readonly contextParameter?: string;
  readonly value?: unknown;
}

interface KeyOutputs {
  readonly lastUpdated?: string;
}

function plannedWrite(
  inputs: KeyInputs,
  oldInputs: KeyInputs | undefined,
  oldOutputs: KeyOutputs | undefined,
  live: readonly LiveVariable[],
  variables: readonly Variable[],
): PlannedWrite {
  return {
    key: inputs.key,
    declared: variables.find(({ name }) => name === inputs.key) ?? undeclared(inputs.key),
    secret: inputs.secretValues !== undefined,
    scopes: effectiveScopes(inputs.scopes),
    planned: valuesOf(inputs),
    previous: oldInputs && valuesOf(oldInputs),
    recordedUpdate: oldOutputs?.lastUpdated,
    live: live.find(({ key }) => key === inputs.key),
  };
}

/** What is about to be written is declared; only a program of another kind could come here. */
function undeclared(name: string): Declared {
  return { name, value: name, key: 'netlify', isShort: true };
}

function unknownValues(values: Values): Values {
  return new Map([...values.keys()].map((context) => [context, undefined]));
}

function valuesOf({ values, secretValues }: KeyInputs): Values {
  const entries = (secretValues ?? values ?? []).map((value): [Context, string | undefined] => [
    contextOf(value),
    typeof value.value === 'string' ? value.value : undefined,
  ]);
  return new Map(entries);
}
