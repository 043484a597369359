import * as pulumi from '@pulumi/pulumi';
import { withoutSecretMarks } from '../secrets/wire.ts';
import { listVariables, netlifyApi, type LiveVariable } from '../services/netlify.ts';
import { readBuilds } from '../services/netlifyDeploys.ts';
import { contextOf, type Context } from '../settings/context.ts';
import type { Settings } from '../settings/settings.ts';
import { refused } from './refusal.ts';
import {
  droppedContexts,
  effectiveScopes,
  isOwnBranch,
  objections,
  type PlannedWrite,
  type Values,
} from './siteRules.ts';

/**
 * A hook that runs before a Netlify key is created or updated, in previews too, and throws when the write would remove
 * or change what production reads. It asks Netlify once a run, and only when there is a write to judge: an unchanged
 * stack costs no request. Without the vault (`vaultWasRead`) it judges contexts and scopes alone: what the inputs hold
 * are then values of the state, at the place of another context when contexts come or go.
 */
export function siteGuard(netlify: Settings['netlify'], vaultWasRead: boolean): pulumi.ResourceHook {
  let site: Promise<SeenSite> | undefined;
  return new pulumi.ResourceHook(
    'site-guard',
    async (args) => {
      const inputs = (await withoutSecretMarks(args.newInputs)) as KeyInputs;
      site ??= readSite(netlify, inputs);
      const { live, clockAhead } = await site;
      const write = plannedWrite(
        inputs,
        (await withoutSecretMarks(args.oldInputs)) as KeyInputs | undefined,
        (await withoutSecretMarks(args.oldOutputs)) as KeyOutputs | undefined,
        live,
      );
      const { contexts: stagingContexts, productionBranch, productionChanges } = netlify;
      const known = vaultWasRead ? write : { ...write, planned: unknownValues(write.planned) };
      const reasons = objections(known, {
        stagingContexts,
        productionBranch,
        productionChanges,
        clockAhead,
        endsEmergency: process.env.STAGING_ENDS_EMERGENCY === 'true',
      });
      if (reasons.length > 0) throw new Error(`${refused()}:\n${reasons.map((reason) => `  - ${reason}.`).join('\n')}`);
    },
    { onDryRun: true },
  );
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

/** The site's variables before the first write, and what its clock says. */
interface SeenSite {
  readonly live: readonly LiveVariable[];
  readonly clockAhead: number;
}

/**
 * Looks at the site. Checks its production branch, and every declared key for contexts that would be lost, before it lets
 * the first write go: with `--skip-preview` a write of one key must not come before the refusal of another.
 */
async function readSite(netlify: Settings['netlify'], { teamId, siteId }: KeyInputs): Promise<SeenSite> {
  const api = netlifyApi();
  const [live, builds] = await Promise.all([
    listVariables(api, { accountId: teamId, siteId }),
    readBuilds(api, siteId),
  ]);
  const { productionBranch } = builds;
  if (
    netlify.mode === 'shared-site' &&
    productionBranch !== undefined &&
    productionBranch !== netlify.productionBranch
  ) {
    throw new Error(
      `${refused()}: Netlify deploys ${productionBranch} to production, not ${netlify.productionBranch}, so values ` +
        'of that branch would be production’s. Set allincompassing:netlify.productionBranch to it, or Netlify’s back.',
    );
  }
  const lost = netlify.variables.flatMap(({ name, values }) => {
    const variable = live.find(({ key }) => key === name);
    const dropped = variable
      ? droppedContexts(
          variable,
          values.map(({ context }) => context),
        )
      : [];
    // A branch value may have been taken out on purpose: only the stack's state tells, and each key's own check has it.
    return dropped.filter((context) => !isOwnBranch(context, netlify)).map((context) => `${name} in ${context}`);
  });
  if (lost.length > 0) {
    throw new Error(
      `${refused()}: Netlify replaces all values of a key at once, and these live ones are not declared:\n` +
        lost.map((each) => `  - ${each}`).join('\n') +
        '\nDeclare each under allincompassing:netlify.variables.KEY.otherContexts, by its own reference.',
    );
  }
  return { live, clockAhead: builds.clockAhead };
}

function plannedWrite(
  inputs: KeyInputs,
  oldInputs: KeyInputs | undefined,
  oldOutputs: KeyOutputs | undefined,
  live: readonly LiveVariable[],
): PlannedWrite {
  return {
    key: inputs.key,
    secret: inputs.secretValues !== undefined,
    scopes: effectiveScopes(inputs.scopes),
    planned: valuesOf(inputs),
    previous: oldInputs && valuesOf(oldInputs),
    recordedUpdate: oldOutputs?.lastUpdated,
    live: live.find(({ key }) => key === inputs.key),
  };
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
