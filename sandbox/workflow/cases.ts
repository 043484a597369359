import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../server/faults.ts';
import { commitAll, type Application } from './application.ts';
import type { Conclusion } from './job.ts';
import type { Trigger } from './run.ts';
import type { WorldOptions } from './world.ts';

/** One way in which a run may go, and how the required check must end. */
export interface Case {
  readonly what: string;
  readonly trigger: Trigger;
  readonly check: Conclusion;
  readonly world?: Pick<WorldOptions, 'runtimeEnv' | 'otherOrganization'>;
  readonly without?: readonly string[];
  readonly faults?: readonly Fault[];
  /** A further commit to the application. */
  readonly change?: (folder: string) => void;
}

const breakBuild = (folder: string) =>
  writeFileSync(join(folder, 'src', 'main.ts'), "import { nothing } from './there-is-no-such-file.ts';\nnothing();\n");

/** Every case by its name. */
export const cases = {
  green: { what: 'a push to develop', trigger: 'push', check: 'success' },
  'pull-request': {
    what: 'a pull request of the repository: a draft of its own',
    trigger: 'pull_request',
    check: 'success',
  },
  'merge-group': { what: 'the merge queue', trigger: 'merge_group', check: 'success' },
  'missing-secret': {
    what: 'two secrets are not set',
    trigger: 'push',
    check: 'failure',
    without: ['NETLIFY_AUTH_TOKEN', 'NETLIFY_STAGING_SITE_ID'],
  },
  'build-fails': { what: 'the build job fails', trigger: 'push', check: 'failure', change: breakBuild },
  'deploy-fails': {
    what: 'Netlify refuses the deploy',
    trigger: 'push',
    check: 'failure',
    faults: [
      { service: 'netlify', method: 'POST', path: '/deploys$', status: 422, body: '{"code":422,"message":"refused"}' },
    ],
  },
  'wrong-context': {
    what: "the function reads another context's values",
    trigger: 'push',
    check: 'failure',
    world: { runtimeEnv: 'production' },
  },
  'wrong-organization': {
    what: 'the site serves another organisation',
    trigger: 'push',
    check: 'failure',
    world: { otherOrganization: true },
  },
  'supabase-down': {
    what: 'Supabase answers 503',
    trigger: 'push',
    check: 'failure',
    faults: [{ service: 'supabase', status: 503 }],
  },
  'slack-down': {
    what: 'a wrong context, and Slack is down too',
    trigger: 'push',
    check: 'failure',
    world: { runtimeEnv: 'production' },
    faults: [{ service: 'slack', status: 503 }],
  },
  fork: { what: "a fork's pull request, which gets no secrets", trigger: 'fork', check: 'failure' },
  dependabot: { what: "Dependabot's pull request, which gets none either", trigger: 'dependabot', check: 'failure' },
  'merge-group-build-fails': {
    what: 'the merge queue, and the build fails',
    trigger: 'merge_group',
    check: 'failure',
    change: breakBuild,
  },
} satisfies Record<string, Case>;

export type CaseName = keyof typeof cases;

export function isCaseName(name: string): name is CaseName {
  return Object.hasOwn(cases, name);
}

/** The application with the case's commit on top, if it has one. */
export function withChange(application: Application, { change }: Case): Application {
  if (!change) return application;
  change(application.folder);
  return { ...application, commit: commitAll(application.folder, 'A change') };
}
