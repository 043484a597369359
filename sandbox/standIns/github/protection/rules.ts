import { z } from 'zod';

/** Rules without parameters. */
const bare = ['creation', 'deletion', 'non_fast_forward', 'required_linear_history', 'required_signatures'] as const;

const statusChecks = z.object({
  required_status_checks: z.array(z.object({ context: z.string().min(1), integration_id: z.int().optional() })),
  strict_required_status_checks_policy: z.boolean(),
  do_not_enforce_on_create: z.boolean().default(false),
});

const pullRequest = z.object({
  required_approving_review_count: z.int().min(0).max(10),
  dismiss_stale_reviews_on_push: z.boolean(),
  require_code_owner_review: z.boolean(),
  require_last_push_approval: z.boolean(),
  required_review_thread_resolution: z.boolean(),
  allowed_merge_methods: z.array(z.enum(['merge', 'squash', 'rebase'])).default(['merge', 'squash', 'rebase']),
});

const pattern = z.object({
  operator: z.enum(['starts_with', 'ends_with', 'contains', 'regex']),
  pattern: z.string(),
  name: z.string().optional(),
  negate: z.boolean().default(false),
});

const mergeQueue = z.object({
  check_response_timeout_minutes: z.int(),
  grouping_strategy: z.enum(['ALLGREEN', 'HEADGREEN']),
  max_entries_to_build: z.int(),
  max_entries_to_merge: z.int(),
  merge_method: z.enum(['MERGE', 'SQUASH', 'REBASE']),
  min_entries_to_merge: z.int(),
  min_entries_to_merge_wait_minutes: z.int(),
});

const deployments = z.object({ required_deployment_environments: z.array(z.string()) });

const withParameters = <Type extends string, Parameters extends z.ZodType<Record<string, unknown>>>(
  type: Type,
  parameters: Parameters,
) => z.object({ type: z.literal(type), parameters });

/** A rule as a request may state it, with GitHub's defaults filled in; of the vendor's list, those that guard branches. */
export const rule = z.discriminatedUnion('type', [
  z.object({ type: z.enum(bare) }),
  z.object({
    type: z.literal('update'),
    parameters: z.object({ update_allows_fetch_and_merge: z.boolean().default(false) }).optional(),
  }),
  withParameters('required_status_checks', statusChecks),
  withParameters('pull_request', pullRequest),
  withParameters('merge_queue', mergeQueue),
  withParameters('required_deployments', deployments),
  withParameters('branch_name_pattern', pattern),
  withParameters('commit_message_pattern', pattern),
  withParameters('commit_author_email_pattern', pattern),
  withParameters('committer_email_pattern', pattern),
]);
