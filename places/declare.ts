import type * as pulumi from '@pulumi/pulumi';
import type { SecretOutput } from '../secrets/declaredValues.ts';
import type { ManagedPlacement } from './resources.ts';

/** The resource of a placement, and the value in it. */
export interface PlacedResource {
  readonly resource: pulumi.CustomResource;
  readonly value: pulumi.Output<string | undefined>;
}

/** Declares the resource of one placement. `where` names its service. */
export type Declare<Where> = (
  placement: ManagedPlacement,
  value: SecretOutput,
  where: Where,
  options: pulumi.CustomResourceOptions,
) => PlacedResource;

/** What names the place of a secret or a variable on GitHub. */
export interface OnGithub {
  /** The repository's name, without its owner. */
  readonly repository: string;
  /** The environment of the placement, as the resource that makes it gives it; the repository itself when absent. */
  readonly environment?: pulumi.Input<string>;
}
