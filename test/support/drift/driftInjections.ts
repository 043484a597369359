import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Protection } from '../../../sandbox/standIns/github/protection/protectionState.ts';
import type { GitHubState } from '../../../sandbox/standIns/github/records.ts';
import { updateGitHub } from '../../../sandbox/standIns/github/index.ts';
import { editState } from './driftProject.ts';
import type { Project } from '../project.ts';

/** Drift of what the sandbox's own configuration does not declare, or that lies outside of the services. */
export interface OwnInjection {
  readonly inject: (project: Project) => void;
  /** For the look that has to find it. */
  readonly args?: (project: Project) => readonly string[];
  /** What a person then runs: commands of this project by their file, or `pulumi`. */
  readonly fix?: (project: Project) => readonly (readonly [entry: string, ...args: string[]])[];
}

type Repository = GitHubState['repositories'][number];

function repository(change: (repository: Repository) => void): OwnInjection {
  return {
    inject: ({ sandbox }) =>
      updateGitHub(sandbox.stateDir, ({ repositories }) => {
        const [own] = repositories;
        if (own) change(own);
      }),
  };
}

function protection(change: Partial<Protection>): OwnInjection {
  return repository(({ branches }) => {
    const branch = branches.find(({ name }) => name === 'develop');
    if (branch?.protection) branch.protection = { ...branch.protection, ...change };
  });
}

const year = 366 * 86_400_000;

/** The application's folder of a project: empty files deviate, `npm run pipeline -- apply` makes them right. */
export const applicationOf = ({ root }: Project): string => join(root, 'application');
export const localFileOf = ({ root }: Project): string => join(root, '.env.local');

/** With classic protection. */
export const ownInjections: Readonly<Record<string, OwnInjection>> = {
  'signatures-missing': protection({ signatures: false }),
  'conversations-missing': protection({ conversationResolution: false }),
  'push-restriction-missing': protection({ restrictions: null }),
  'github-secret-old': {
    inject(project) {
      const time = new Date(Date.now() - year).toISOString().slice(0, 19);
      repository(({ secrets }) => {
        const secret = secrets.find(({ name }) => name === 'SLACK_WEBHOOK_URL');
        if (secret) secret.updatedAt = `${time}Z`;
      }).inject(project);
      editState(project, ({ resources }) => {
        for (const { outputs } of resources as { outputs?: Record<string, unknown> }[])
          if (outputs?.secretName === 'SLACK_WEBHOOK_URL') outputs.updatedAt = `${time.replace('T', ' ')} +0000 UTC`;
      });
    },
  },
  'organization-local-differs': {
    inject: (project) =>
      writeFileSync(localFileOf(project), 'OTHER=kept\nDEFAULT_ORGANIZATION_ID="somebody-else"\n', { mode: 0o600 }),
  },
  'pipeline-differs': {
    inject: (project) => rmSync(join(applicationOf(project), 'netlify.toml')),
    args: (project) => ['--app', applicationOf(project)],
    fix: (project) => [['commands/pipeline/command.ts', 'apply', applicationOf(project), '--yes', '--no-lock']],
  },
  'stack-behind': {
    inject: (project) => project.configure(['allincompassing:values', 'FEATURE'], { value: 'on', netlify: true }),
    fix: () => [['pulumi', 'up', '--yes', '--skip-preview']],
  },
  'stack-interrupted': {
    inject: (project) =>
      editState(project, (latest) => {
        const resource = latest.resources.find(({ urn }) => String(urn).endsWith('::netlify-SUPABASE_URL'));
        latest.pending_operations = [{ resource, type: 'updating' }];
      }),
    fix: () => [
      ['commands/recover/command.ts', '--yes'],
      ['pulumi', 'up', '--yes', '--skip-preview'],
    ],
  },
};

/** With a GitHub environment and a paid plan. */
export const rulesetInjections: Readonly<Record<string, OwnInjection>> = {
  'github-environment-missing': repository((own) => (own.environments = [])),
  'scope-added': {
    inject: ({ sandbox }) =>
      sandbox.standIns().netlify.store.update(({ variables, sites }) => {
        const own = variables[`site:${sites[0]?.id ?? ''}`]?.find(({ key }) => key === 'FEATURE');
        own?.scopes.push('post_processing');
      }),
  },
};
