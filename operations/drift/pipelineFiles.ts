import type { Part } from './look.ts';

/** The application's netlify.toml and workflow, as `npm run pipeline -- check` sees them. */
export function pipelineFiles(application: string | undefined): Part {
  if (application === undefined) {
    return {
      findings: [],
      notChecked: ['netlify.toml and the workflow: give a clone of the application (--app PATH).'],
      unseen: 'repository',
    };
  }
  return {
    findings: [],
    notChecked: ['netlify.toml and the workflow: npm run pipeline -- check PATH.'],
    unseen: 'repository',
  };
}
