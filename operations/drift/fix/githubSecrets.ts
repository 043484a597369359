import { githubApi } from '../../../services/github.ts';
import { deleteSecret, ensureEnvironment, sealSecret } from '../../../services/githubWrites.ts';
import type { Finding } from '../finding.ts';
import { deployEnvironment } from '../githubSecrets.ts';
import type { Look, LookOptions } from '../look.ts';
import type { Notes } from './heal.ts';

/** Heals Actions secrets: seals the value of the last update again, over what is there. */
export async function healGithubSecrets(
  { settings, repository }: LookOptions,
  { recorded }: Look,
  findings: readonly Finding[],
  notes: Notes,
): Promise<void> {
  const api = githubApi();
  const { environment } = settings.github;
  const seal = async (name: string): Promise<void> => {
    const value = recorded.secrets.get(name)?.value?.reveal();
    if (value === undefined)
      throw new Error('the stack has no value that could be read: the passphrase, or pulumi up.');
    notes.writes.secrets.set(name, await sealSecret(api, repository, environment, name, value));
    notes.done.push(`${name}: sealed again on GitHub`);
  };
  const healers: Partial<Record<Finding['kind'], (name: string) => Promise<void>>> = {
    'github-secret-missing': seal,
    'github-secret-changed': seal,
    'github-organization-differs': seal,
    'github-environment-missing': async (name) => {
      await ensureEnvironment(api, repository, name);
      notes.done.push(`${name}: made again on GitHub`);
      for (const secret of recorded.secrets.keys()) await seal(secret);
    },
    'github-secret-undeclared': async (name) => {
      await deleteSecret(api, repository, environment, name);
      notes.done.push(`${name}: deleted on GitHub`);
    },
    'github-secret-shadowed': async (name) => {
      await deleteSecret(api, repository, deployEnvironment, name);
      notes.done.push(`${name}: deleted in the environment ${deployEnvironment}`);
    },
  };
  for (const { kind, where } of findings) {
    try {
      await healers[kind]?.(where.subject);
    } catch (error) {
      notes.failed.push(`${where.subject}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
