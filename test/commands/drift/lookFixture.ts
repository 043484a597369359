import { finding, type Finding } from '../../../commands/drift/finding.ts';
import type { ReaderRow } from '../../../commands/drift/checks/applicationReaders.ts';
import type { Look } from '../../../commands/drift/observed.ts';
import type { Recorded } from '../../../engine/recorded.ts';
import type { LivePlaces } from '../../../places/live.ts';
import type { LivePlaced } from '../../../places/service.ts';
import { Secret } from '../../../secrets/secret.ts';
import type { Context } from '../../../settings/context.ts';
import { parseSettings, type Settings } from '../../../settings/settings.ts';

export const organization = '11111111-2222-4333-8444-555555555555';

/** The settings of a small environment. */
export const settings: Settings = parseSettings({
  organizationId: organization,
  values: {
    SUPABASE_URL: { from: 'op://Platform/Supabase/url', production: 'op://Platform/Supabase/url', netlify: true },
    OPENAI_API_KEY: { from: 'op://Platform/Supabase/openai', netlify: { secret: true } },
    DEFAULT_ORGANIZATION_ID: { from: 'organizationId', netlify: true },
    SLACK_WEBHOOK_URL: { from: 'op://Platform/Supabase/slack', actionsSecret: true },
  },
  netlify: { site: 'Site', team: 'team' },
  github: { repository: 'repository' },
  supabase: { project: 'abcdefghijklmnopqrst' },
});

const values = (value: string, contexts: readonly Context[] = ['branch:staging', 'branch:develop']) =>
  new Map(contexts.map((context) => [context, new Secret(value)]));

/** What the last update wrote. */
export const recorded: Recorded = {
  valuesKnown: true,
  updatedAt: '2026-01-01T00:00:00Z',
  site: { siteId: 'site', teamId: 'team' },
  variables: new Map([
    [
      'SUPABASE_URL',
      {
        secret: false,
        scopes: [],
        values: values('https://project.example.com', ['branch:staging', 'branch:develop', 'production']),
        writtenAt: '2026-01-01T00:00:00Z',
      },
    ],
    [
      'DEFAULT_ORGANIZATION_ID',
      { secret: false, scopes: [], values: values(organization), writtenAt: '2026-01-01T00:00:00Z' },
    ],
  ]),
  placed: new Map(),
  hasRule: true,
  ruleSince: '2026-01-01T00:00:00.000Z',
  environments: new Set(),
  pendingOperations: 0,
  isCurrent: () => Promise.resolve(true),
};

/** A look that saw these. */
export function lookWith(findings: readonly Finding[], more: Partial<Look> = {}): Look {
  return {
    findings,
    notChecked: [],
    unseen: [],
    errors: [],
    recorded,
    variables: [],
    places: { list: () => undefined, environments: new Set(), notChecked: [] },
    rules: undefined,
    readers: undefined,
    ...more,
  };
}

/** Findings of every severity, with a text that would do harm if it were not escaped. */
export const someFindings: readonly Finding[] = [
  finding({
    kind: 'organization-differs',
    subject: 'DEFAULT_ORGANIZATION_ID',
    contexts: ['branch:develop'],
    what: 'DEFAULT_ORGANIZATION_ID in branch:develop differs.',
    since: '2026-01-02T03:04:05Z',
    by: '<img src=x onerror=alert(1)> & "Colleague"',
  }),
  finding({ kind: 'variable-missing', subject: 'OPENAI_API_KEY', what: 'OPENAI_API_KEY is gone.' }),
  finding({ kind: 'reviews-weaker', subject: 'develop', what: 'Reviews are weaker.' }),
  finding({
    kind: 'variable-undeclared',
    subject: 'NEW_FLAG',
    what: 'NEW_FLAG was added.',
    command: "pulumi config set --path 'a.b' op://VAULT/ITEM/FIELD",
    note: 'Declare it.',
  }),
];

/** What places other than Netlify hold, by place and environment. */
export function livePlaces(
  lists: Partial<Record<string, readonly LivePlaced[]>>,
  environments: readonly string[] = [],
): LivePlaces {
  return {
    list: (place, environment) => lists[environment === undefined ? place : `${place}/${environment}`],
    environments: new Set(environments),
    notChecked: [],
  };
}

/** Who reads the values, with a name that would do harm if it were not escaped. */
export const someReaders: readonly ReaderRow[] = [
  {
    ...{ value: 'OPENAI_API_KEY', place: 'netlify', name: 'OPENAI_API_KEY' },
    ...{ status: 'read in another place than declared', severity: 'high' },
    readers: [1, 2, 3, 4].map((line) => ({ file: 'supabase/functions/agent/index.ts', line })),
  },
  {
    ...{ value: 'SLACK_WEBHOOK_URL', place: 'actionsSecret', name: 'HOOK', environment: 'staging' },
    ...{ status: 'declared, nobody reads it', severity: 'medium', accepted: 'a <script> of another team' },
    readers: [],
  },
  { value: 'SUPABASE_URL', place: 'netlify', name: 'SUPABASE_URL', status: 'read', severity: null, readers: [] },
];
