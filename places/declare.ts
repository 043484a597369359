import type * as pulumi from '@pulumi/pulumi';
import type { SecretOutput } from '../secrets/declaredValues.ts';
import type { Thing } from './place.ts';

/** The resource of a placement, and the value in it. */
export interface PlacedResource {
  readonly resource: pulumi.CustomResource;
  readonly value: pulumi.Output<string | undefined>;
}

/** Where the services are, in a resource's inputs. */
interface Where {
  /** The repository's name, without its owner. */
  readonly repository: string;
  /** The reference of the Supabase project. */
  readonly project: string;
  /** GitHub's environment, as the resource that makes it gives it; the repository itself when absent. */
  readonly environment?: pulumi.Input<string>;
}

/** Declares the resource of one thing in a place. */
export type Declare = (
  thing: Thing,
  value: SecretOutput,
  where: Where,
  options: pulumi.CustomResourceOptions,
) => PlacedResource;
