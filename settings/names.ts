/** The name under which Pulumi keeps this project's configuration. */
export const namespace = 'allincompassing';

/** The variable that must hold the one organisation id wherever it is declared. */
export const organizationVariable = 'DEFAULT_ORGANIZATION_ID';

/**
 * The agents' emergency switch: an Edge Function secret of the shared project, which agents read, and the playbook's
 * variable on Netlify, which nothing is known to read.
 */
export const emergencyVariable = 'AGENT_ACTIONS_DISABLED';

/** The context that the deploy job's `--context=staging` stands for: Netlify takes it for a branch, and needs none of that name. */
export const deployContext = 'branch:staging';

/** The variables whose values open the shared database, its address first. */
export const databaseVariables = ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY'] as const;
