import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { VaultEditor } from '../../sandbox/standIns/onepassword/editor.ts';
import { contextFields } from '../../settings/context.ts';
import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import { secretScopes } from '../../places/netlify/setting.ts';
import { placementsIn, type Settings, type Source } from '../../settings/settings.ts';

/** Files of the two providers, the same ones that Pulumi's bridge and plugin stand on. */
export interface Providers {
  readonly netlify: string;
  readonly github: string;
}

/** The file that TF_CLI_CONFIG_FILE must name: it leads to the providers without a registry. */
export const cliConfiguration = 'cli.tfrc';

/** Writes what Terraform needs to declare the very resources that these settings make Pulumi declare. */
export function writeTerraform(
  folder: string,
  settings: Settings,
  { netlify, github }: Providers,
  vault: VaultEditor,
): void {
  mkdirSync(folder, { recursive: true });
  const overrides = `"netlify/netlify" = ${JSON.stringify(dirname(netlify))}\n    "integrations/github" = ${JSON.stringify(dirname(github))}`;
  writeFileSync(
    join(folder, cliConfiguration),
    `provider_installation {\n  dev_overrides {\n    ${overrides}\n  }\n  direct {}\n}\n`,
  );
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(declarations(settings), undefined, 2));
  writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify({ values: values(settings, vault) }), {
    mode: 0o600,
  });
}

function declarations(settings: Settings): unknown {
  const { netlify, github } = settings;
  const ids = { site_id: '${data.netlify_site.site.id}', team_id: '${data.netlify_team.team.id}' };
  const { protection } = github;
  const reviews = protection.requiredPullRequestReviews;
  return {
    terraform: {
      required_providers: { netlify: { source: 'netlify/netlify' }, github: { source: 'integrations/github' } },
    },
    variable: { values: { type: 'map(string)', sensitive: true } },
    data: {
      netlify_site: { site: { name: netlify.site, team_slug: netlify.team } },
      netlify_team: { team: { slug: netlify.team } },
      // As our own program does where the GitHub is not github.com.
      github_app: { actions: { slug: 'github-actions' } },
    },
    resource: {
      netlify_environment_variable: Object.fromEntries(
        netlify.variables.map(({ name, secret, values: inContexts }) => [
          name,
          {
            ...ids,
            key: name,
            ...(secret && { scopes: secretScopes }),
            [secret ? 'secret_values' : 'values']: inContexts.map(({ context }) => {
              const fields = contextFields(context);
              return {
                value: `\${var.values["${name}"]}`,
                context: fields.context,
                ...(fields.contextParameter !== undefined && { context_parameter: fields.contextParameter }),
              };
            }),
          },
        ]),
      ),
      github_actions_secret: Object.fromEntries(
        placementsIn(settings, 'actionsSecret').map(({ name, source }) => [
          name,
          {
            repository: github.repository,
            secret_name: name,
            value: source.kind === 'siteId' ? ids.site_id : `\${var.values["github:${name}"]}`,
          },
        ]),
      ),
      github_repository_ruleset: {
        [protection.branch]: {
          repository: github.repository,
          name: `${requiredCheck} on ${protection.branch}`,
          target: 'branch',
          enforcement: 'active',
          conditions: { ref_name: { include: [`refs/heads/${protection.branch}`], exclude: [] } },
          rules: {
            deletion: true,
            non_fast_forward: true,
            required_signatures: protection.requireSignedCommits,
            required_status_checks: {
              strict_required_status_checks_policy: true,
              required_check: [
                { context: requiredCheck, integration_id: '${data.github_app.actions.id}' },
                ...protection.otherChecks.map((context) => ({ context })),
              ],
            },
            ...(reviews && {
              pull_request: {
                dismiss_stale_reviews_on_push: reviews.dismissStaleReviews ?? false,
                required_approving_review_count: reviews.requiredApprovingReviewCount ?? 0,
                required_review_thread_resolution: protection.requireConversationResolution,
              },
            }),
          },
        },
      },
    },
  };
}

/** The values by variable, from the sandbox's vault: Terraform has no vault of its own. */
function values({ netlify, placements, organizationId }: Settings, vault: VaultEditor): Record<string, string> {
  const read = (source: Source): string => {
    if (source.kind === 'reference') return vault.read(source.reference.split('/').slice(4).join('/'));
    if (source.kind === 'organizationId') return read(organizationId);
    return source.kind === 'literal' ? source.value : '';
  };
  const pairs: (readonly [string, string])[] = [
    ...netlify.variables.map(({ name, values: [first] }) => [name, first ? read(first.source) : ''] as const),
    ...placementsIn({ placements }, 'actionsSecret').map(
      ({ name, source }) => [`github:${name}`, read(source)] as const,
    ),
  ];
  return Object.fromEntries(pairs);
}
