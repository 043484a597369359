import { browserKeyVariables, secretKeyVariables } from '../settings/names/names.ts';

/** Which of Supabase's keys: the one that opens everything, or the one that browsers get. */
export type KeyRole = 'secret' | 'publishable';

/** How a new value of a kind comes to be, and how the old one ends. */
export type Kind =
  | { readonly how: 'supabase-key'; readonly role: KeyRole }
  /** Made up here: nobody but our own places knows it. */
  | { readonly how: 'random' }
  /** Made by a person at the vendor. */
  | {
      readonly how: 'person';
      readonly vendor: string;
      /** The page on which it is made. */
      readonly page: string;
      readonly rights: string;
      /** How the old one is revoked there. */
      readonly revoke: string;
    };

type ByPerson = Extract<Kind, { how: 'person' }>;

const netlify: ByPerson = {
  how: 'person',
  vendor: 'Netlify',
  page: 'https://app.netlify.com/user/applications#personal-access-tokens',
  rights: 'a token of a user with the role Developer of this team alone (Netlify has no narrower one)',
  revoke: 'User settings → Applications → Personal access tokens → the old token → Revoke',
};
const github: ByPerson = {
  how: 'person',
  vendor: 'GitHub',
  page: 'https://github.com/settings/personal-access-tokens/new',
  rights: 'a fine-grained token for the one repository, with the permissions of the old one',
  revoke: 'Settings → Developer settings → Fine-grained tokens → the old token → Delete',
};

/** What is made by a person at a vendor, by the value's name. */
const vendors: Readonly<Record<string, ByPerson>> = {
  NETLIFY_AUTH_TOKEN: netlify,
  NETLIFY_API_TOKEN: netlify,
  GITHUB_TOKEN: github,
  GH_TOKEN: github,
  SUPABASE_ACCESS_TOKEN: {
    how: 'person',
    vendor: 'Supabase',
    page: 'https://supabase.com/dashboard/account/tokens',
    rights: 'a token of a user with the role Developer at least of this organisation alone',
    revoke: 'Account → Access tokens → the old token → Revoke',
  },
  OPENAI_API_KEY: {
    how: 'person',
    vendor: 'OpenAI',
    page: 'https://platform.openai.com/api-keys',
    rights: 'a restricted key of this project, with the permissions of the old one',
    revoke: 'API keys → the old key → Revoke',
  },
  SLACK_WEBHOOK_URL: {
    how: 'person',
    vendor: 'Slack',
    page: 'https://api.slack.com/apps',
    rights: 'the app → Incoming webhooks → Add new webhook, for the same channel',
    revoke: 'the app → Incoming webhooks → the old webhook → Remove',
  },
};

/** A vendor that this project does not know. */
const unknownVendor: ByPerson = {
  how: 'person',
  vendor: 'its vendor',
  page: 'the vendor’s page of keys and tokens',
  rights: 'the rights of the old one',
  revoke: 'at the vendor, where the new one was made',
};

/** The kind of a value by its names; `random`: the person says that it is our own. */
export function kindOf(names: readonly string[], random: boolean): Kind {
  if (names.some((name) => oneOf(secretKeyVariables, name))) return { how: 'supabase-key', role: 'secret' };
  if (names.some((name) => oneOf(browserKeyVariables, name))) return { how: 'supabase-key', role: 'publishable' };
  const known = names.map((name) => vendors[name]).find((kind) => kind !== undefined);
  if (known) return known;
  return random ? { how: 'random' } : unknownVendor;
}

function oneOf(list: readonly string[], name: string): boolean {
  return list.includes(name);
}
