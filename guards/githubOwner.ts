import * as pulumi from '@pulumi/pulumi';
import { forStack } from '../settings/stack/stackCommand.ts';

/** The repository's owner, as the GitHub provider has it. */
export function githubOwner(): string {
  const owner = new pulumi.Config('github').get('owner') ?? process.env.GITHUB_OWNER;
  if (!owner) throw new Error(`github:owner is not set. Set it: ${forStack('pulumi config set github:owner OWNER')}`);
  return owner;
}
