import { browserKeyVariables } from '../../settings/names/names.ts';
import type { SupabaseProject } from '../../settings/supabaseProject.ts';
import type { SmokeConfig } from './config.ts';
import { projectBehind } from './checks/projectBehind.ts';

/** A key that a browser may have, by the name of the variable that declares it. */
export interface BrowserKey {
  readonly name: string;
  readonly value: string;
}

/** What is tested, what is expected of it, and where evidence goes. */
export interface Target {
  /** The deploy's root, without a slash at the end. */
  readonly url: string;
  /** The name by which the site says its context, if it does. */
  readonly environment: string;
  readonly supabaseUrl: string;
  /** The project behind that address, where it is a custom domain and something says which. */
  readonly project: SupabaseProject | undefined;
  /** The declared keys; the publishable one first, as the anon key may be disabled. */
  readonly keys: readonly BrowserKey[];
  readonly organizationId: string;
  readonly email: string;
  readonly password: string;
  readonly config: SmokeConfig;
  /** One of `config.dashboards`. */
  readonly role: string;
  /** `blanked` keeps nothing of what a page shows or a service answers; `full` is for an organisation without real data. */
  readonly evidence: 'blanked' | 'full';
  readonly timeoutMs: number;
  readonly reportFolder: string;
  /** Names this run in what it writes. */
  readonly runTag: string;
  readonly redact: (text: string) => string;
  /** What earlier checks have learnt of the site. */
  readonly seen: {
    /** The declared key that the site hands out. */
    key?: BrowserKey;
    /** The site is bound to another Supabase project: no password may be typed into its page. */
    foreign?: boolean;
  };
}

/** The key to call Supabase with: the one that the site hands out, for another may be disabled. */
export function usedKey({ keys, seen }: Target): string {
  return (seen.key ?? keys[0])?.value ?? '';
}

/** A variable that is missing, and where a team sets it. */
export class MissingSetting extends Error {}

const settings = {
  SUPABASE_URL: "the address of the project's API",
  DEFAULT_ORGANIZATION_ID: 'the organisation that staging must serve',
  SMOKE_USER_EMAIL: "the smoke test user's address",
  SMOKE_USER_PASSWORD: "the smoke test user's password",
} as const;

/** The values that come from the environment; every missing one is named at once. */
export function readSecrets(environment: Readonly<Record<string, string | undefined>>) {
  const keys = browserKeyVariables.flatMap((name): BrowserKey[] => {
    const value = environment[name];
    return value ? [{ name, value }] : [];
  });
  const missing = Object.entries(settings).filter(([name]) => !environment[name]);
  if (missing.length > 0 || keys.length === 0) {
    const lines = [
      ...(keys.length === 0
        ? [`  ${browserKeyVariables.toReversed().join(' or ')}: the project's key for browsers`]
        : []),
      ...missing.map(([name, meaning]) => `  ${name}: ${meaning}`),
    ];
    throw new MissingSetting(
      `Missing in the environment:\n${lines.join('\n')}\nIn CI, set them as Actions secrets (Settings → Secrets and variables → Actions), or declare them in the stack's configuration.`,
    );
  }
  return {
    supabaseUrl: (environment.SUPABASE_URL ?? '').replace(/\/+$/, ''),
    project: projectBehind(environment, keys),
    keys,
    organizationId: environment.DEFAULT_ORGANIZATION_ID ?? '',
    email: environment.SMOKE_USER_EMAIL ?? '',
    password: environment.SMOKE_USER_PASSWORD ?? '',
  };
}
