import * as pulumi from '@pulumi/pulumi';

/** The repository's owner, as the GitHub provider has it. */
export function githubOwner(): string {
  const owner = new pulumi.Config('github').get('owner') ?? process.env.GITHUB_OWNER;
  if (!owner) throw new Error('github:owner is not set. Set it: pulumi config set github:owner OWNER');
  return owner;
}
