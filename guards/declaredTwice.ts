import * as pulumi from '@pulumi/pulumi';
import { declaredTwice, otherStacks } from '../settings/stack/otherStacks.ts';
import { projectRoot } from '../settings/stack/projectRoot.ts';
import { SettingsError, type Settings } from '../settings/settings.ts';
import { stackFile } from '../settings/stack/stackFile.ts';

/**
 * Throws a `SettingsError` when this stack declares what another stack of this folder has on the same service. Warns of a
 * stack's file that cannot be read: nobody knows then what it declares.
 */
export async function refuseDeclaredTwice(settings: Settings): Promise<void> {
  const stack = pulumi.getStack();
  const { others, unread } = otherStacks(projectRoot(), stack);
  const problems = declaredTwice({ settings, owner: new pulumi.Config('github').get('owner') }, others);
  if (problems.length > 0) throw new SettingsError(problems, stackFile(stack));
  for (const each of unread) await pulumi.log.warn(`Another stack’s file is not compared with this one. ${each}`);
}
