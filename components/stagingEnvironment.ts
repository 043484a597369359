import * as pulumi from '@pulumi/pulumi';
import type { Guards } from '../guards/guards.ts';
import { managedPlacements, placeResources } from '../places/places.ts';
import type { DeclaredValue, DeclaredValues } from '../secrets/declaredValues.ts';
import { secretOutputOf } from '../secrets/declaredValues.ts';
import { githubActionsAppId } from '../settings/names/requiredCheck.ts';
import {
  databaseUrlVariable,
  secretKeyVariables,
  stagingSource,
  type Settings,
  type Source,
} from '../settings/settings.ts';
import { AgentRuntimeConfig, ensureRow } from './agentRuntimeConfig.ts';
import { PlacedValues, type Placed } from './placedValues.ts';
import { NetlifyContext } from './netlifyContext.ts';
import { netlifySite, type NetlifySite } from './netlifySite.ts';
import { RequiredDeployCheck } from './requiredDeployCheck.ts';

/** Arguments of {@link StagingEnvironment}. */
export interface StagingEnvironmentArgs {
  readonly settings: Settings;
  /** The values, read from the vault once. */
  readonly values: DeclaredValues;
  /** The id of GitHub Actions' app on this GitHub. Default: github.com's. */
  readonly actionsAppId?: number;
  /** Hooks that refuse a write that would harm production. Only where nothing is written may they be left out. */
  readonly guards?: Guards;
  /** Adds an audit line after each write. Only where nothing is written may it be left out. */
  readonly audit?: pulumi.ResourceHook;
}

/** The whole staging environment: Netlify's variables, GitHub's secrets, the required check, the kill switch's row. */
export class StagingEnvironment extends pulumi.ComponentResource {
  readonly site: NetlifySite;
  readonly netlify: NetlifyContext;
  /** Every value in a place other than Netlify, by the logical name of its resource. */
  readonly placed: ReadonlyMap<string, Placed>;
  readonly check: RequiredDeployCheck;
  /** Every resource that a provider writes. */
  readonly declared: readonly pulumi.Resource[];

  constructor(
    name: string,
    { settings, values, actionsAppId = githubActionsAppId, guards, audit }: StagingEnvironmentArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // Protected: `pulumi destroy` stops here until `pulumi state unprotect`, and then asks once more by itself.
    const guarded = pulumi.mergeOptions(opts, { protect: !settings.allowDestroy });
    super('allincompassing:index:StagingEnvironment', name, {}, guarded);
    const child = { parent: this, protect: false };
    const { netlify, github, supabase } = settings;

    this.site = netlifySite(netlify, { parent: this });
    const valueOf = (source: Source): DeclaredValue =>
      source.kind === 'siteId' ? { value: secretOutputOf(this.site.siteId), unread: false } : values.of(source);

    this.netlify = new NetlifyContext(
      'netlify',
      {
        ...this.site,
        variables: netlify.variables.map((variable) => ({
          ...variable,
          values: variable.values.map(({ context, source }) => ({ context, ...valueOf(source) })),
        })),
        onRemoval: netlify.onRemoval,
        ...(guards && { guard: guards.site, emergencyDeletionGuard: guards.emergencyDeletion }),
        ...(audit && { audit }),
      },
      child,
    );
    const placements = managedPlacements(settings.placements);
    const components = [...new Set(placements.map(({ place }) => placeResources[place].component))];
    this.placed = new Map(
      components.flatMap((component) => {
        const own = placements.filter(({ place }) => placeResources[place].component === component);
        const values = new PlacedValues(
          component,
          {
            repository: github.repository,
            project: supabase.project,
            values: own.map((placement) => ({ placement, declared: valueOf(placement.source) })),
            onRemoval: settings[component].onRemoval,
            ...(guards && { guards: guards.placed, environmentGuard: guards.environment }),
            ...(audit && { audit }),
          },
          child,
        );
        return [...values.placed];
      }),
    );
    this.check = new RequiredDeployCheck(
      'required-check',
      {
        repository: github.repository,
        protection: github.protection,
        actionsAppId,
        ...(guards && { guard: guards.protection }),
        ...(audit && { audit }),
      },
      child,
    );
    if (settings.supabase.agentRuntimeConfig === 'ensure') {
      const staging = (...keys: readonly string[]) => valueOf(firstSource(settings, keys)).value;
      const ensure =
        guards && ensureRow({ url: staging(databaseUrlVariable), secretKey: staging(...secretKeyVariables) });
      new AgentRuntimeConfig(
        'agent-runtime-config',
        { project: settings.supabase.project, ...(ensure && { ensure }) },
        child,
      );
    }
    this.declared = [
      ...Object.values(this.netlify.variables),
      ...[...this.placed.values()].map(({ resource }) => resource),
      this.check.rule,
    ];
    this.registerOutputs({ siteId: this.site.siteId, branch: this.check.branch, checks: this.check.checks });
  }
}

/** Where staging's value of a variable comes from, the first that is declared of several names; the settings have made sure that one is. */
function firstSource(settings: Settings, keys: readonly string[]): Source {
  for (const key of keys) {
    const source = stagingSource(settings, key);
    if (source) return source;
  }
  throw new Error(`${keys.join(' or ')} is declared for no context of staging’s under allincompassing:values.`);
}
