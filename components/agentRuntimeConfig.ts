import * as pulumi from '@pulumi/pulumi';
import type { SecretOutput } from '../secrets/declaredValues.ts';
import { ensureAgentRuntimeConfig } from '../services/supabase/agentRuntimeConfig.ts';
import { killSwitchTable } from '../settings/names/killSwitchTable.ts';

/** Arguments of {@link AgentRuntimeConfig}. */
export interface AgentRuntimeConfigArgs {
  /** Makes the row: {@link ensureRow}. Only where nothing is written may it be left out. */
  readonly ensure?: pulumi.ResourceHook;
  /** The reference of the Supabase project whose row it is. */
  readonly project: string;
}

/**
 * Creates the row of the agents' kill switch if it is missing. Never updates or deletes it: production reads the same row,
 * and an engineer may just have stopped the agents by it.
 */
export class AgentRuntimeConfig extends pulumi.ComponentResource {
  constructor(name: string, args: AgentRuntimeConfigArgs, opts?: pulumi.ComponentResourceOptions) {
    const hooks = args.ensure && { hooks: { beforeCreate: [args.ensure] } };
    super('allincompassing:index:AgentRuntimeConfig', name, {}, pulumi.mergeOptions(opts, hooks));
    this.registerOutputs({ ...killSwitchTable, project: args.project });
  }
}

/**
 * The hook that makes the row. The engine calls it when the component is created: not in a preview, and not when
 * nothing changed. `STAGING_SUPABASE_URL` in the environment goes before `url` (a proxy): not `SUPABASE_URL`, which a
 * developer's shell may hold for another project, and the shared project's key must not go there.
 */
export function ensureRow({ url, secretKey }: Readonly<Record<'url' | 'secretKey', SecretOutput>>) {
  return new pulumi.ResourceHook('agent-runtime-config-ensure-row', async () => {
    const [address, key] = await Promise.all([known(url), known(secretKey)]);
    await ensureAgentRuntimeConfig(process.env.STAGING_SUPABASE_URL ?? address, key);
  });
}

/** The value of an output that an update knows. */
function known(output: SecretOutput): Promise<string> {
  return new Promise((resolve) => output.apply(resolve));
}
