import * as pulumi from '@pulumi/pulumi';
import { withoutSecretMarks } from '../secrets/wire.ts';
import { githubApi, listSecrets } from '../services/github.ts';
import type { Judged } from './judged.ts';
import { githubOwner } from './protectionGuard.ts';
import { refused } from './refusal.ts';

/**
 * A hook that runs before an Actions secret is created, in previews too, and throws when GitHub has it already: creating
 * replaces the value, which nobody can read back, and other workflows may use it. Asks GitHub once a run for each place
 * of secrets, and only when there is one to create.
 */
export function secretGuard(judged: Judged): pulumi.ResourceHook {
  const places = new Map<string, Promise<ReadonlySet<string>>>();
  return new pulumi.ResourceHook(
    'secret-guard',
    judged.before(async ({ newInputs }) => {
      const { repository, environment, secretName } = (await withoutSecretMarks(newInputs)) as SecretInputs;
      // Not known yet: the environment is made by this run, and has no secrets.
      if (environment !== undefined && typeof environment !== 'string') return;
      const place = JSON.stringify([repository, environment]);
      const names = places.get(place) ?? secretsIn(repository, environment);
      places.set(place, names);
      if ((await names).has(secretName.toUpperCase())) {
        throw new Error(
          `${refused()}: the Actions secret ${secretName} is on GitHub already, but not in this stack, and ` +
            'nobody could read its value again. Take it over: npm run adopt',
        );
      }
    }),
    { onDryRun: true },
  );
}

interface SecretInputs {
  readonly repository: string;
  readonly environment?: unknown;
  readonly secretName: string;
}

async function secretsIn(repository: string, environment: string | undefined): Promise<ReadonlySet<string>> {
  const secrets = await listSecrets(githubApi(), { owner: githubOwner(), repository }, environment);
  return new Set(secrets.map(({ name }) => name.toUpperCase()));
}
