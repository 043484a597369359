import { z } from 'zod';
import { isContext, type Context } from './context.ts';
import { referenceForm, referenceProblem } from './reference.ts';
import { isUuid } from './uuid.ts';

/** Variable and secret names: what Netlify, GitHub and a shell all accept. */
const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and _, not starting with a digit');

/** A source: one of this project's own words, or a reference. */
function source(...words: readonly string[]) {
  return sourceOf(`must be ${[...words, referenceForm].join(' or ')}`, (text) => words.includes(text));
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

/** Netlify's scopes as its API spells them in requests. */
export const scopes = ['builds', 'functions', 'runtime', 'post-processing'] as const;

/** What Netlify accepts, and free plans demand, for a secret variable. */
export const secretScopes: readonly string[] = ['builds', 'functions', 'runtime'];

/** Where a variable's value comes from. */
const valueSource = source('organizationId');

const variable = z
  .strictObject({
    /** The source of the value in the staging contexts. */
    from: valueSource.optional(),
    /** A literal, for what is not sensitive only (policies check it). */
    value: z.string().min(1, 'must not be empty').optional(),
    /** Netlify's secret flag: write-only there, and it cannot be undone. Default false. */
    secret: z.boolean().default(false),
    /** Netlify's scopes. Default: all (a plain variable), or what Netlify allows a secret one. Needs a paid plan. */
    scopes: z.array(z.enum(scopes)).min(1).optional(),
    /** The same key's value in contexts that are not staging's, each with its own source. */
    otherContexts: z.record(z.string(), valueSource).default({}),
  })
  .refine(
    (given) => (given.from === undefined) !== (given.value === undefined),
    'needs exactly one of `from` and `value`',
  )
  .refine(
    (given) => !given.secret || given.value === undefined,
    'a secret variable needs `from`: a literal would be in the repository',
  );

/** Where an Actions secret comes from. */
const secretSource = source('organizationId', 'siteId');

const reviews = z.strictObject({
  dismissStaleReviews: z.boolean().optional(),
  requireCodeOwnerReviews: z.boolean().optional(),
  requireLastPushApproval: z.boolean().optional(),
  requiredApprovingReviewCount: z.int().min(0).max(6).optional(),
});

const protection = z.strictObject({
  /** The protected branch. */
  branch: z.string().min(1).default('develop'),
  /** `classic` branch protection, or a `ruleset` beside what exists. */
  form: z.enum(['classic', 'ruleset']).default('classic'),
  /** Other checks that must pass, as `name` or `name:appId`; `deploy-staging` is always required. */
  otherChecks: z.array(z.string().min(1)).default([]),
  requiredPullRequestReviews: reviews.optional(),
  requireSignedCommits: z.boolean().default(false),
  requireConversationResolution: z.boolean().default(false),
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

/** `pulumi config set` writes text: `true` and `"true"` are the same. */
const flag = z.preprocess((given) => (given === 'true' || given === 'false' ? given === 'true' : given), z.boolean());

/** The stack's configuration below `allincompassing:`, as written in Pulumi.staging.yaml. */
export const configuration = z.strictObject({
  /** The one organisation id: a UUID, or the reference of one. */
  organizationId: sourceOf(`must be a UUID or ${referenceForm}`, isUuid),
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
    variables: z.record(name, variable),
  }),
  github: z.strictObject({
    /** The repository's name, without its owner (that is `github:owner`). */
    repository: z.string().min(1),
    /** Puts the secrets into this GitHub environment instead of the repository. */
    environment: z.string().min(1).optional(),
    /** What happens on GitHub to a secret that leaves this configuration. */
    onRemoval: z.enum(['retain', 'delete']).default('retain'),
    secrets: z.record(name, z.strictObject({ from: secretSource })),
    protection: protection.prefault({}),
  }),
  supabase: z
    .strictObject({
      /** `ensure` makes the row of the agents' kill switch when there is none; its value is never set. */
      agentRuntimeConfig: z.enum(['leave', 'ensure']).default('leave'),
    })
    .prefault({}),
  /** `true` lets `pulumi destroy` start without `pulumi state unprotect` first. */
  allowDestroy: flag.default(false),
  drift: z
    .strictObject({
      /** Secrets on Netlify and GitHub that were last written longer ago than this many days are findings. */
      maxAgeDays: z.int().min(1).default(180),
    })
    .prefault({}),
});

/** The configuration after defaults. */
export type Configuration = z.output<typeof configuration>;
