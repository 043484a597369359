import { z } from 'zod';
import { flag, variableName } from '../places/form.ts';
import { placeNames, placeShape } from '../places/places.ts';
import { isContext, namedContexts, type Context } from './context.ts';
import { written } from './stack/inputForm.ts';
import { referenceForm, referencePattern, referenceProblem } from './reference.ts';
import { projectReference, projectReferenceForm } from './supabaseProject.ts';
import { isUuid } from './names/uuid.ts';

/** A source: one of this project's own words, or a reference. */
function source(...words: readonly string[]) {
  return written(
    sourceOf(`must be ${words.join(', ')} or ${referenceForm}`, (text) => words.includes(text)),
    () => ({ anyOf: [{ enum: words }, { type: 'string', pattern: referencePattern }] }),
  );
}

/** A text that is one of ours, or else a reference; of a reference, the message says what is wrong with it. */
function sourceOf(error: string, isOurs: (text: string) => boolean) {
  return z.string(error).superRefine((text, issues) => {
    const problem = isOurs(text) ? undefined : referenceProblem(text);
    if (problem !== undefined)
      issues.addIssue({ code: 'custom', message: problem.startsWith('must be ') ? error : problem });
  });
}

const context = written(
  z.custom<Context>((value) => typeof value === 'string' && isContext(value), {
    error: 'must be production, deploy-preview, branch-deploy, dev, dev-server, all, or branch:NAME',
  }),
  () => ({ anyOf: [{ type: 'string', pattern: '^branch:[^\\s:]+$' }, { enum: namedContexts }] }),
);

/** Where a value comes from. */
const valueSource = source('organizationId', 'siteId');

/** Where a value of an own source in one context comes from. */
const otherSource = source('organizationId');

/** A date as Pulumi passes it on when it was written without quotes. */
const pulumiDate = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [-+]\d{4} /;

/** A day, also as Pulumi passes it on. */
const day = written(
  z.preprocess(
    (given) => (typeof given === 'string' && pulumiDate.test(given) ? given.slice(0, 10) : given),
    z.iso.date('must be a day, as 2026-05-01'),
  ),
  () => ({ type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
);

/** A literal: `pulumi config set --path` writes whole numbers and booleans as such. */
const literal = written(
  z.preprocess(
    (given) => (typeof given === 'boolean' || Number.isSafeInteger(given) ? String(given) : given),
    z
      .string('must be text, true, false or a whole number of up to 15 digits; put anything else in quotes')
      .min(1, 'must not be empty')
      .refine((text) => !pulumiDate.test(text), 'is a date, which Pulumi writes in another form; put it in quotes'),
  ),
  () => ({ type: ['string', 'integer', 'boolean'], minLength: 1 }),
);

const value = z
  .strictObject({
    from: valueSource
      .optional()
      .describe(
        'Its source: `op://vault/item/field` in 1Password, `organizationId`, or `siteId` (Netlify’s id of the site).',
      ),
    value: literal.optional().describe('A literal, in place of `from`; for what is not sensitive only.'),
    production: otherSource
      .optional()
      .describe(
        'Production’s own source, where production has the value too: Netlify’s context `production`, and the Edge Functions of a shared project.',
      ),
    ...placeShape(otherSource),
  })
  .refine(
    (given) => (given.from === undefined) !== (given.value === undefined),
    'needs exactly one of `from` and `value`',
  )
  .refine(
    (given) => placeNames.some((place) => given[place] !== undefined),
    `names no place: add at least one of ${placeNames.join(', ')}`,
  )
  .meta({
    allOf: [
      { oneOf: [{ required: ['from'] }, { required: ['value'] }] },
      { anyOf: placeNames.map((place) => ({ required: [place] })) },
    ],
  });

/** A whole number, also as text: `pulumi config set` without `--path` writes that. */
function count(least: number, most?: number) {
  const int = z.int().min(least);
  return written(
    z.preprocess(
      (given) => (typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given),
      most === undefined ? int : int.max(most),
    ),
    (parsed) => ({ anyOf: [parsed, { type: 'string', pattern: '^[0-9]{1,9}$' }] }),
  );
}

const reviews = z.strictObject({
  dismissStaleReviews: flag.optional().describe('A push takes approvals back.'),
  requireCodeOwnerReviews: flag.optional().describe('A code owner must approve.'),
  requireLastPushApproval: flag.optional().describe('Somebody else than the last who pushed must approve.'),
  requiredApprovingReviewCount: count(0, 6).optional().describe('How many must approve: 0 to 6.'),
});

/** What a run does by itself, or only when a person allows it. */
function allowance(what: string, variable: string) {
  return z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe(`\`allow\` lets every run ${what}; for one run alone: \`${variable}=allow pulumi up\`.`);
}

const productionChanges = 'STAGING_PRODUCTION_CHANGES';

const protection = z.strictObject({
  branch: z.string().min(1).default('develop').describe('The protected branch.'),
  form: z
    .enum(['classic', 'ruleset'])
    .default('classic')
    .describe(
      '`classic` protection (a repository of an organization), or a `ruleset` beside what exists (a user’s too).',
    ),
  otherChecks: z
    .array(z.string().min(1))
    .default([])
    .describe('Other checks that must pass, as `name` or `name:appId`; `deploy-staging` is always required.'),
  requiredPullRequestReviews: reviews
    .optional()
    .describe('What a pull request’s reviews must be, as on GitHub. Default: none are required.'),
  requireSignedCommits: flag.default(false).describe('Commits must be signed.'),
  requireConversationResolution: flag.default(false).describe('Each conversation must be resolved.'),
  removals: allowance(
    'take out settings that are live on GitHub and no longer declared',
    'STAGING_PROTECTION_REMOVALS',
  ),
  restrictions: z
    .strictObject({
      users: z.array(z.string()).default([]).describe('By login.'),
      teams: z.array(z.string()).default([]).describe('By slug.'),
      apps: z.array(z.string()).default([]).describe('By slug.'),
    })
    .optional()
    .describe('Who may push. Default: nobody is restricted.'),
});

const setProject = 'Set it: pulumi config set --path allincompassing:supabase.project REF';
const project = z
  .string(`is missing: the reference of the Supabase project. ${setProject}`)
  .regex(projectReference, projectReferenceForm);

/** The stack's configuration below `allincompassing:`, as written in Pulumi.staging.yaml. */
export const configuration = z.strictObject({
  organizationId: written(sourceOf(`must be a UUID or ${referenceForm}`, isUuid), () => ({
    anyOf: [
      { type: 'string', pattern: referencePattern },
      { type: 'string', pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' },
    ],
  })).describe(
    'The one organisation id: the reference of a UUID, or the UUID. Every place that has it takes it from here.',
  ),
  values: z
    .record(variableName, value)
    .describe('Every value once, by its name: where it comes from, and the places that get it.'),
  netlify: z
    .strictObject({
      site: z.string().min(1).describe('The site’s name, or its id (a UUID).'),
      team: z.string().min(1).describe('The team’s slug, or its id (24 hexadecimal digits).'),
      mode: z
        .enum(['shared-site', 'separate-site'])
        .default('shared-site')
        .describe('`shared-site`: the site carries production too. `separate-site`: staging has a site of its own.'),
      productionSite: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Production’s own site, in the same form as `site`, so that the two cannot be mixed up. Required with `separate-site`.',
        ),
      productionBranch: z
        .string()
        .min(1)
        .default('main')
        .describe('The branch that Netlify deploys to production; staging never writes its values.'),
      plan: z.enum(['free', 'paid']).default('free').describe('A `free` plan refuses scopes.'),
      contexts: z
        .array(context)
        .min(1)
        .meta({ uniqueItems: true })
        .default(['branch:staging', 'branch:develop'])
        .describe('Staging’s contexts: `branch:NAME`; on a separate site also `production`, `all` and others.'),
      onRemoval: z
        .enum(['retain', 'delete'])
        .default('retain')
        .describe('What happens on Netlify to a key that leaves this file; on a shared site only `retain`.'),
      productionChanges: allowance(
        'change a value outside staging’s contexts, when its own source was rotated on purpose',
        productionChanges,
      ),
      contextRemovals: allowance(
        'take staging’s own live values away in a context that is no longer declared',
        'STAGING_CONTEXT_REMOVALS',
      ),
    })
    .describe('The site on Netlify.'),
  github: z
    .strictObject({
      repository: z.string().min(1).describe('The repository’s name, without its owner (that is `github:owner`).'),
      environment: z
        .string()
        .min(1)
        .optional()
        .describe('The environment that gets secrets and variables which name none. Default: the repository itself.'),
      onRemoval: z
        .enum(['retain', 'delete'])
        .default('retain')
        .describe('What happens on GitHub to a secret or a variable that leaves this file.'),
      protection: protection.prefault({}).describe('The rule of the protected branch.'),
    })
    .describe('The application’s repository on GitHub.'),
  supabase: z
    .strictObject(
      {
        project: project.describe(
          'The project’s reference: the twenty letters in its address. Every command acts on this project.',
        ),
        agentRuntimeConfig: z
          .enum(['leave', 'ensure'])
          .default('leave')
          .describe(
            '`ensure` makes the row of the agents’ kill switch when there is none; it never sets, updates or deletes it.',
          ),
        mode: z
          .enum(['shared-project', 'separate-project'])
          .default('shared-project')
          .describe('`shared-project`: production uses it too. `separate-project`: it is staging’s own.'),
        productionProject: project
          .optional()
          .describe(
            'The reference of production’s own project, so that the two cannot be mixed up. Required with `separate-project`.',
          ),
        onRemoval: z
          .enum(['retain', 'delete'])
          .default('retain')
          .describe(
            'What happens to an Edge Function secret that leaves this file; on a shared project only `retain`.',
          ),
        productionChanges: allowance(
          'change an Edge Function secret, which production’s functions read too',
          productionChanges,
        ),
      },
      { error: ({ code }) => (code === 'invalid_type' ? `is missing. ${setProject}` : undefined) },
    )
    .describe('The project at Supabase.'),
  local: z
    .strictObject({
      file: z
        .string()
        .min(1)
        .optional()
        .describe(
          'The developer’s own file, beside the application’s package.json. Default: the usual one that is there.',
        ),
    })
    .prefault({})
    .describe('The developer’s own computer.'),
  allowDestroy: flag
    .default(false)
    .describe('`true` lets `pulumi destroy` start without `pulumi state unprotect` first.'),
  audit: z
    .strictObject({
      file: z
        .string()
        .min(1)
        .optional()
        .describe(
          'The file with a line for each write, from this folder. Default: `.audit/STACK.jsonl`, which git ignores.',
        ),
    })
    .prefault({})
    .describe('Who wrote what: `npm run history` reads it (docs/history.md).'),
  tokens: z
    .record(
      variableName,
      z.strictObject({
        owner: z.string().trim().min(1).describe('Who replaces it: a team or a role.'),
        since: day.describe('The day on which it was made.'),
      }),
    )
    .default({})
    .describe(
      'The tokens that stay valid, each with its owner (a team or a role) and since when there is it: `NAME: {owner: platform, since: 2026-05-01}`. `npm run doctor -- --tokens` shows them, and `npm run drift` reports those older than `drift.maxAgeDays`. Default: none is recorded.',
    ),
  drift: z
    .strictObject({
      maxAgeDays: count(1)
        .default(180)
        .describe(
          'In days: what was last written longer ago is a finding of `npm run drift`; `--max-age` overrides it.',
        ),
    })
    .prefault({})
    .describe('What `npm run drift` reports.'),
});

/** The configuration after defaults. */
export type Configuration = z.output<typeof configuration>;
