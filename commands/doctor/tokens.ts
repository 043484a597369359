import { ageInDays } from '../../machine/times.ts';
import type { Settings } from '../../settings/settings.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** What is to be known of each token: docs/STAGING_OPERATIONS.md shows this table, and a test holds it to it. */
interface TokenFacts {
  readonly name: string;
  readonly can: string;
  readonly holder: string;
  /** How it ends by itself, and where that and its age are read. */
  readonly ends: string;
  readonly rotate: string;
}

/** Every token of this project, with the least rights that it needs. */
export const tokens = (): readonly TokenFacts[] => [
  {
    name: 'OP_SERVICE_ACCOUNT_TOKEN',
    can: 'read the vault Platform, nothing else',
    holder: 'GitHub Actions of this repository; people use the desktop app (OP_ACCOUNT)',
    ends: 'by the date that was set when it was made, if one was; neither the token nor the SDK says it: read it in 1Password’s list of service accounts',
    rotate:
      '1Password: Developer → Service accounts → rotate, and let the old one end later → set it in GitHub (staging-plan, staging-infrastructure) → a run of up.yml passes → let the old one end',
  },
  {
    name: 'NETLIFY_API_TOKEN',
    can: 'act as its user in the team (Netlify has no narrower token): a user with the role Developer of this team alone',
    holder: 'who updates the stack or runs a command that acts on a service',
    ends: 'by the date that was set when it was made, if one was; the API does not say it: read it in User settings → Applications',
    rotate: 'Netlify: User settings → Applications → new token → CI and people take it → revoke the old one last',
  },
  {
    name: 'NETLIFY_AUTH_TOKEN',
    can: 'the same rights, for the deploy job: a token of its own, so that one can be revoked alone',
    holder: 'GitHub Actions of the application, from 1Password by this stack',
    ends: 'as NETLIFY_API_TOKEN; for its age in the vault, see the field’s history in 1Password',
    rotate: `${forStack('npm run rotate -- NETLIFY_AUTH_TOKEN')} asks for a new token, writes it into 1Password and GitHub, and has the old one revoked last; then a run of the deploy job passes`,
  },
  {
    name: 'GITHUB_TOKEN',
    can: 'one repository: Administration, Secrets, Variables, Environments, Actions, Deployments write; Checks and Contents read',
    holder:
      'who updates the stack or runs a command that acts on a service: a fine-grained token; jobs make one as an App, for an hour',
    ends: 'GitHub says it in a header of each answer: drift and doctor warn 30 days before; an App’s ends with its job',
    rotate:
      'GitHub: Settings → Developer settings → Fine-grained tokens → a new one beside the old one → CI and people take it → delete the old one last',
  },
  {
    name: 'SUPABASE_SERVICE_ROLE_KEY',
    can: 'everything in the shared database, past row-level security',
    holder:
      'Netlify functions of staging AND PRODUCTION (fields service_role_key and production_service_role_key), jobs on GitHub, Edge Functions (provided by Supabase), .env.local, the kill switch; never a browser',
    ends: 'a legacy key is a JSON Web Token and says it: drift and doctor warn 30 days before; a secret key (sb_secret_…) never ends by itself',
    rotate: `${forStack('npm run rotate -- SUPABASE_SERVICE_ROLE_KEY')} makes a secret key beside the old one, brings it to staging, then to production, proves both and revokes the old one last; every other holder takes it from 1Password before that`,
  },
  {
    name: 'SUPABASE_ACCESS_TOKEN',
    can: 'act as its user on the Management API: Edge Function secrets, branches, backups, restore',
    holder: 'who updates the stack, works on branches or restores; jobs on GitHub and scripts',
    ends: 'by the date that was set when it was made, if one was; the Management API does not say it: read it in Account → Access tokens',
    rotate: `${forStack('npm run rotate -- SUPABASE_ACCESS_TOKEN')} asks for a new one, writes it into 1Password and its places, deploys, and has the old one revoked last; every other holder (jobs on GitHub, people) takes it before that`,
  },
  {
    name: 'SLACK_WEBHOOK_URL',
    can: 'post to the alerts’ channel, nothing else',
    holder: 'GitHub Actions of the application, from 1Password by this stack',
    ends: 'never by itself; Slack says no age: read the field’s history in 1Password',
    rotate: `${forStack('npm run rotate -- SLACK_WEBHOOK_URL')} asks for a new webhook, writes it into 1Password and GitHub, and has the old one removed last; then an alert arrives`,
  },
];

/** A token with what the stack's file records of it: no service tells an owner, and few the age. */
export type OwnedToken = { readonly name: string } & Partial<TokenFacts> & {
    readonly owner?: string;
    /** The day since when there is it, and whole days since then. */
    readonly since?: string;
    readonly days?: number;
  };

/** The table, with owners and ages; after it, what the stack's file records beside it. */
export function ownedTokens({ tokens: recorded }: Pick<Settings, 'tokens'>, now: number): readonly OwnedToken[] {
  const table = tokens();
  const others = Object.keys(recorded).filter((name) => !table.some((one) => one.name === name));
  return [...table, ...others.map((name) => ({ name }))].map((token) => {
    const own = recorded[token.name];
    return own ? { ...token, ...own, days: ageInDays(own.since, now) } : token;
  });
}
