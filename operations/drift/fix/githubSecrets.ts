import { githubApi, listSecrets, type LiveSecret } from '../../../services/github.ts';
import { createClosedEnvironment, readEnvironment } from '../../../services/githubEnvironments.ts';
import { deleteSecret, sealSecret } from '../../../services/githubWrites.ts';
import type { Finding } from '../finding.ts';
import { deployEnvironment } from '../githubSecrets.ts';
import type { Look, LookOptions } from '../look.ts';
import type { Notes } from './heal.ts';

/**
 * Heals Actions secrets: seals the value of the last update again, over what is there. Into an environment only where
 * its rules stand at that moment: without any, every branch could read what is sealed.
 */
export async function healGithubSecrets(
  { settings, repository }: LookOptions,
  { recorded, secrets: seen }: Look,
  findings: readonly Finding[],
  notes: Notes,
): Promise<void> {
  const api = githubApi();
  const { environment, protection } = settings.github;
  const requireRules = async (): Promise<void> => {
    if (environment === undefined) return;
    const live = await readEnvironment(api, repository, environment);
    if (!live) throw new Error(`the environment ${environment} is gone. Look again: npm run drift`);
    if (live.hasRules) return;
    throw new Error(
      `the environment ${environment} has no rules that keep a branch out (a wait only delays it), so that every branch could read its secrets; nothing was sealed. ` +
        `Set its branches or reviewers on GitHub (Settings → Environments → ${environment}), then run it again.`,
    );
  };
  // Somebody may have rotated it while the question stood: nobody could read that value back.
  const requireAsSeen = async (name: string, place: string | undefined, known: readonly LiveSecret[]) => {
    const timeIn = (secrets: readonly LiveSecret[]) =>
      secrets.find((each) => each.name.toUpperCase() === name.toUpperCase())?.updatedAt;
    if (timeIn(await listSecrets(api, repository, place)) === timeIn(known)) return;
    throw new Error('it was changed on GitHub since the look. Look again: npm run drift');
  };
  const seal = async (name: string): Promise<void> => {
    await requireAsSeen(name, environment, seen?.declaredPlace ?? []);
    await sealNow(name);
  };
  const sealNow = async (name: string): Promise<void> => {
    const value = recorded.secrets.get(name)?.value?.reveal();
    if (value === undefined)
      throw new Error('the stack has no value that could be read: the passphrase, or pulumi up.');
    await requireRules();
    notes.writes.secrets.set(name, await sealSecret(api, repository, environment, name, value));
    notes.done.push(`${name}: sealed again on GitHub`);
  };
  const healers: Partial<Record<Finding['kind'], (name: string) => Promise<void>>> = {
    'github-secret-missing': seal,
    'github-secret-changed': seal,
    'github-organization-differs': seal,
    'github-environment-missing': async (name) => {
      // Somebody may have made it since the look: a PUT would reset its reviewers, its wait and its branches.
      if (await readEnvironment(api, repository, name)) {
        throw new Error('it is on GitHub again; its rules were not touched. Look again: npm run drift');
      }
      await createClosedEnvironment(api, repository, name, protection.branch);
      notes.done.push(
        `${name}: made again on GitHub, for ${protection.branch} alone. Reviewers and a wait that it had are yours to set`,
      );
      for (const secret of recorded.secrets.keys()) await sealNow(secret);
    },
    'github-secret-undeclared': async (name) => {
      await requireAsSeen(name, environment, seen?.declaredPlace ?? []);
      await deleteSecret(api, repository, environment, name);
      notes.done.push(`${name}: deleted on GitHub`);
    },
    'github-secret-shadowed': async (name) => {
      await requireAsSeen(name, deployEnvironment, seen?.environment ?? []);
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
