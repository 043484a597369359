import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplicationState } from '../application/layApplication.ts';
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
  readonly world?: Pick<WorldOptions, 'otherOrganization'>;
  readonly without?: readonly string[];
  readonly faults?: readonly Fault[];
  /** A further commit to the application. */
  readonly change?: (folder: string) => void;
}

const breakBuild = (folder: string) =>
  writeFileSync(join(folder, 'src', 'main.ts'), "import { nothing } from './there-is-no-such-file.ts';\nnothing();\n");

/** Every case by its name, as this project's own job ends it: the application's newest state has no other. */
const own = {
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
    what: 'another organisation, and Slack is down too',
    trigger: 'push',
    check: 'failure',
    world: { otherOrganization: true },
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

export type CaseName = keyof typeof own;

const { green, 'missing-secret': missingSecret, 'build-fails': buildFails, 'deploy-fails': deployFails } = own;

/**
 * The playbook's state has a job of the team's, which deploys pushes to develop and nothing else, and tests what it
 * tests. The required check follows it, and the jobs that it waits for.
 */
const team: Readonly<Partial<Record<CaseName, Case>>> = {
  green,
  'pull-request': { ...own['pull-request'], what: 'a pull request: built, and not deployed' },
  'merge-group': { ...own['merge-group'], what: 'the merge queue: built, and not deployed' },
  'missing-secret': missingSecret,
  'build-fails': buildFails,
  'deploy-fails': deployFails,
  'merge-group-build-fails': own['merge-group-build-fails'],
};

/** The cases of a state of the application. */
export const cases: Readonly<Record<ApplicationState, Readonly<Partial<Record<CaseName, Case>>>>> = {
  playbook: team,
  newest: own,
};

/** A case of a state by its name; nothing where the state has none of that name. */
export function caseOf(state: ApplicationState, name: string): Case | undefined {
  return Object.entries(cases[state]).find(([one]) => one === name)?.[1];
}

/** The application with the case's commit on top, if it has one. */
export function withChange(application: Application, { change }: Case): Application {
  if (!change) return application;
  change(application.folder);
  return { ...application, commit: commitAll(application.folder, 'A change') };
}
