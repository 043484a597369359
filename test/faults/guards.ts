import * as pulumi from '@pulumi/pulumi';
import { productionGuards } from '../../guards/guards.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { bareProgram } from '../../cli/bareProgram.ts';
import { site } from '../../sandbox/process/identity.ts';
import { readDeclaredValues } from '../../secrets/declaredValues.ts';
import { fileSettings } from '../../settings/stack/file.ts';

/**
 * The parts of `pulumi up` that ask a service before anything is written, as a command: a guard as the engine calls it
 * before a write, or the one read of the vault. What it throws fails the update.
 */
void pulumi.runtime.setMocks(
  {
    newResource: () => {
      throw new Error('nothing is registered here');
    },
    call: () => {
      throw new Error('nothing is called here');
    },
  },
  'project',
  'staging',
  false,
);

const netlify = { siteId: site.id, teamId: site.accountId };
const values = ['staging', 'develop'].map((contextParameter) => ({ context: 'branch', contextParameter, value: 'x' }));
const repository = 'allincompassing';
/** What each would write, or delete. */
const writes = {
  site: { newInputs: { ...netlify, key: 'SUPABASE_URL', values } },
  emergencyDeletion: { oldInputs: { ...netlify, key: 'AGENT_ACTIONS_DISABLED' } },
  protection: { newInputs: { repository, branch: 'develop' } },
  ruleset: { newInputs: { repository, name: 'this project’s own' } },
  environment: { newInputs: { repository, environment: 'staging' } },
  actionsSecret: { newInputs: { repository, secretName: 'A_NEW_ONE' } },
  actionsVariable: { newInputs: { repository, variableName: 'A_NEW_ONE' } },
  edgeFunction: { newInputs: { secrets: [{ name: 'A_NEW_ONE', value: 'x' }] } },
} as const;

export const command = bareProgram(
  define('guards', 'pulumi up, as far as it asks services before it writes').argument('<GUARD>').action(ends(ask)),
);

async function ask(name: string): Promise<number> {
  process.env.GITHUB_OWNER = 'allincompassing';
  const settings = fileSettings(process.cwd(), 'staging');
  if (name === 'values') {
    await readDeclaredValues(settings);
    return exitCode.fine;
  }
  const write = Object.entries(writes).find(([each]) => each === name)?.[1];
  if (!write) throw new UsageError(`no guard ${name}`);
  const { hooks } = productionGuards(settings, true);
  const { placed, ...others } = hooks;
  const all: Readonly<Record<string, unknown>> = {
    ...others,
    ruleset: hooks.protection,
    ...Object.fromEntries(Object.entries(placed).map(([place, { beforeCreate = [] }]) => [place, beforeCreate[0]])),
  };
  const hook = all[name];
  if (!(hook instanceof pulumi.ResourceHook)) throw new Error(`${name} has no hook`);
  await hook.callback({ urn: 'urn', id: 'id', name: 'x', type: 'x', ...write });
  return exitCode.fine;
}
