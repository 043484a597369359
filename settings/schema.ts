import { z } from 'zod';
import { flag, variableName } from '../places/form.ts';
import { placeNames, placeShape } from '../places/places.ts';
import { isContext, type Context } from './context.ts';
import { referenceForm, referenceProblem } from './reference.ts';
import { sharedProject } from './sharedProject.ts';
import { isUuid } from './uuid.ts';

/** A source: one of this project's own words, or a reference. */
function source(...words: readonly string[]) {
  return sourceOf(`must be ${words.join(', ')} or ${referenceForm}`, (text) => words.includes(text));
}

/** A text that is one of ours, or else a reference; of a reference, the message says what is wrong with it. */
function sourceOf(error: string, isOurs: (text: string) => boolean) {
  return z.string(error).superRefine((text, issues) => {
    const problem = isOurs(text) ? undefined : referenceProblem(text);
    if (problem !== undefined)
      issues.addIssue({ code: 'custom', message: problem.startsWith('must be ') ? error : problem });
  });
}

const context = z.custom<Context>((value) => typeof value === 'string' && isContext(value), {
  error: 'must be production, deploy-preview, branch-deploy, dev, dev-server, all, or branch:NAME',
});

/** Where a value comes from. */
const valueSource = source('organizationId', 'siteId');

/** Where a value of an own source in one context comes from. */
const otherSource = source('organizationId');

/** A literal: `pulumi config set --path` writes whole numbers and booleans as such. */
const literal = z.preprocess(
  (given) => (typeof given === 'boolean' || Number.isSafeInteger(given) ? String(given) : given),
  z
    .string('must be text; put a number that has a fraction or more than 15 digits in quotes')
    .min(1, 'must not be empty'),
);

const value = z
  .strictObject({
    /** The source of the value. */
    from: valueSource.optional(),
    /** A literal, for what is not sensitive only (policies check it). */
    value: literal.optional(),
    /** Production's own source, where production has the value too: Netlify's context `production`, and what the shared project holds. */
    production: otherSource.optional(),
    ...placeShape(otherSource),
  })
  .refine(
    (given) => (given.from === undefined) !== (given.value === undefined),
    'needs exactly one of `from` and `value`',
  )
  .refine(
    (given) => placeNames.some((place) => given[place] !== undefined),
    `names no place: add at least one of ${placeNames.join(', ')}`,
  );

/** A whole number, also as text: `pulumi config set` without `--path` writes that. */
function count<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (given) => (typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given),
    schema,
  );
}

const reviews = z.strictObject({
  dismissStaleReviews: flag.optional(),
  requireCodeOwnerReviews: flag.optional(),
  requireLastPushApproval: flag.optional(),
  requiredApprovingReviewCount: count(z.int().min(0).max(6)).optional(),
});

const protection = z.strictObject({
  /** The protected branch. */
  branch: z.string().min(1).default('develop'),
  /** `classic` branch protection, or a `ruleset` beside what exists. */
  form: z.enum(['classic', 'ruleset']).default('classic'),
  /** Other checks that must pass, as `name` or `name:appId`; `deploy-staging` is always required. */
  otherChecks: z.array(z.string().min(1)).default([]),
  requiredPullRequestReviews: reviews.optional(),
  requireSignedCommits: flag.default(false),
  requireConversationResolution: flag.default(false),
  /** `allow` lets a run take out settings that are live on GitHub and no longer declared. */
  removals: z.enum(['refuse', 'allow']).default('refuse'),
  /** Who may push; nobody is restricted when absent. */
  restrictions: z
    .strictObject({
      users: z.array(z.string()).default([]),
      teams: z.array(z.string()).default([]),
      apps: z.array(z.string()).default([]),
    })
    .optional(),
});

const projectForm = 'must be the 20 letters of the project’s reference';

/** The stack's configuration below `allincompassing:`, as written in Pulumi.staging.yaml. */
export const configuration = z.strictObject({
  /** The one organisation id: a UUID, or the reference of one. */
  organizationId: sourceOf(`must be a UUID or ${referenceForm}`, isUuid),
  /** Every value, once, by its name: where it comes from, and the places that get it. */
  values: z.record(variableName, value),
  netlify: z.strictObject({
    /** The site's name, or its id (a UUID). */
    site: z.string().min(1),
    /** The team's slug, or its id (24 hexadecimal digits). */
    team: z.string().min(1),
    /** `shared-site`: the site carries production too. `separate-site`: staging has a site of its own. */
    mode: z.enum(['shared-site', 'separate-site']).default('shared-site'),
    /** Production's own site, in the same form as `site`; required with `separate-site`, so that the two cannot be mixed up. */
    productionSite: z.string().min(1).optional(),
    /** The branch that Netlify deploys to production: its branch values would be production's. */
    productionBranch: z.string().min(1).default('main'),
    /** `free` plans refuse scopes on plain variables. */
    plan: z.enum(['free', 'paid']).default('free'),
    /** Staging's contexts. */
    contexts: z.array(context).min(1).default(['branch:staging', 'branch:develop']),
    /** What happens on Netlify to a key that leaves this configuration. */
    onRemoval: z.enum(['retain', 'delete']).default('retain'),
    /** `allow` lets a run change a value that production reads, when its own reference was rotated on purpose. */
    productionChanges: z.enum(['refuse', 'allow']).default('refuse'),
    /** `allow` lets a run take staging's own live values away in a context that is no longer declared. */
    contextRemovals: z.enum(['refuse', 'allow']).default('refuse'),
  }),
  github: z.strictObject({
    /** The repository's name, without its owner (that is `github:owner`). */
    repository: z.string().min(1),
    /** The environment that gets secrets and variables which name none; the repository when absent. */
    environment: z.string().min(1).optional(),
    /** What happens on GitHub to a secret or a variable that leaves this configuration. */
    onRemoval: z.enum(['retain', 'delete']).default('retain'),
    protection: protection.prefault({}),
  }),
  supabase: z
    .strictObject({
      /** The reference of the project: twenty letters, in its address. Staging and production share it. */
      project: z
        .string()
        .regex(/^[a-z]{20}$/, projectForm)
        .default(sharedProject.ref),
      /** `ensure` makes the row of the agents' kill switch when there is none; its value is never set. */
      agentRuntimeConfig: z.enum(['leave', 'ensure']).default('leave'),
      /** `shared-project`: production uses it too. `separate-project`: it is staging's own. */
      mode: z.enum(['shared-project', 'separate-project']).default('shared-project'),
      /** The reference of production's own project; required with `separate-project`, so that the two cannot be mixed up. */
      productionProject: z
        .string()
        .regex(/^[a-z]{20}$/, projectForm)
        .optional(),
      /** What happens to an Edge Function secret that leaves this configuration. */
      onRemoval: z.enum(['retain', 'delete']).default('retain'),
      /** `allow` lets a run change an Edge Function secret, which production's functions read too. */
      productionChanges: z.enum(['refuse', 'allow']).default('refuse'),
    })
    .prefault({}),
  local: z
    .strictObject({
      /** The developer's own file, beside the application's package.json. Default: the usual one that is there. */
      file: z.string().min(1).optional(),
    })
    .prefault({}),
  /** `true` lets `pulumi destroy` start without `pulumi state unprotect` first. */
  allowDestroy: flag.default(false),
  drift: z
    .strictObject({
      /** Secrets on Netlify and GitHub that were last written longer ago than this many days are findings. */
      maxAgeDays: count(z.int().min(1)).default(180),
    })
    .prefault({}),
});

/** The configuration after defaults. */
export type Configuration = z.output<typeof configuration>;
