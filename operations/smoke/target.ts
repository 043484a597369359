/** The Supabase project that all environments share. */
export const sharedProjectUrl = 'https://wnnjeqheqxxyrgsjmygy.supabase.co';

/** How the dashboard is reached and recognised in a browser. */
export interface DashboardSelectors {
  readonly signInPath: string;
  readonly email: string;
  readonly password: string;
  readonly submit: string;
  /** Present once the dashboard is rendered. */
  readonly dashboard: string;
  /** At least one of these: the data. */
  readonly data: string;
}

/** What is tested, what is expected of it, and where evidence goes. */
export interface Target {
  /** The deploy's root, without a slash at the end. */
  readonly url: string;
  readonly environment: string;
  readonly supabaseUrl: string;
  readonly anonKey: string;
  readonly organizationId: string;
  readonly email: string;
  readonly password: string;
  readonly selectors: DashboardSelectors;
  readonly timeoutMs: number;
  readonly reportFolder: string;
  /** Names this run in what it writes. */
  readonly runTag: string;
  readonly redact: (text: string) => string;
}

/** A variable that is missing, and where a team sets it. */
export class MissingSetting extends Error {}

const settings = {
  SUPABASE_ANON_KEY: "the project's publishable (anon) key",
  DEFAULT_ORGANIZATION_ID: 'the organisation that staging must serve',
  SMOKE_USER_EMAIL: "the smoke test user's address",
  SMOKE_USER_PASSWORD: "the smoke test user's password",
} as const;

/** The values that come from the environment; every missing one is named at once. */
export function readSecrets(environment: Readonly<Record<string, string | undefined>>) {
  const missing = Object.entries(settings).filter(([name]) => !environment[name]);
  if (missing.length > 0) {
    const lines = missing.map(([name, meaning]) => `  ${name}: ${meaning}`);
    throw new MissingSetting(
      `Missing in the environment:\n${lines.join('\n')}\nIn CI, set them as Actions secrets (Settings → Secrets and variables → Actions), or declare them in the stack's configuration.`,
    );
  }
  return {
    supabaseUrl: (environment.SUPABASE_URL === undefined || environment.SUPABASE_URL === ''
      ? sharedProjectUrl
      : environment.SUPABASE_URL
    ).replace(/\/+$/, ''),
    anonKey: environment.SUPABASE_ANON_KEY ?? '',
    organizationId: environment.DEFAULT_ORGANIZATION_ID ?? '',
    email: environment.SMOKE_USER_EMAIL ?? '',
    password: environment.SMOKE_USER_PASSWORD ?? '',
  };
}
