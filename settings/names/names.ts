/** The name under which Pulumi keeps this project's configuration. */
export const namespace = 'allincompassing';

/** The variable that must hold the one organisation id wherever it is declared. */
export const organizationVariable = 'DEFAULT_ORGANIZATION_ID';

/**
 * The agents' emergency switch: an Edge Function secret of the shared project, which agents read, and the playbook's
 * variable on Netlify, which nothing is known to read.
 */
export const emergencyVariable = 'AGENT_ACTIONS_DISABLED';

/** GitHub's environment in which the deploy job runs and records its deploys: its secrets and variables come before the repository's. */
export const deployEnvironment = 'staging';

/** The alias under which the deploy job puts staging, whatever the branch (pipeline/template/ci.yml). */
export const deployAlias = 'staging';

/** The context that the deploy job's `--context=staging` stands for: Netlify takes it for a branch, and needs none of that name. */
export const deployContext = 'branch:staging';

/** What a deployed staging says that it runs as. */
export const runtimeEnvironment = 'staging';

/** The variable with the address of the shared database. */
export const databaseUrlVariable = 'SUPABASE_URL';

/**
 * The variables that may hold a key which opens the whole shared database: of Supabase's new generation first, because the
 * legacy keys may be disabled. A team has one of them, or both while it moves.
 */
export const secretKeyVariables = ['SUPABASE_SECRET_KEY', 'SUPABASE_SERVICE_ROLE_KEY'] as const;

/** The same for the key that browsers get. */
export const browserKeyVariables = ['SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_ANON_KEY'] as const;
