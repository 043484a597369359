import { finding } from '../finding.ts';
import type { Part } from '../observed.ts';
import { outputOfCommand } from '../ownCommand.ts';

/** The application's netlify.toml and workflow, as `npm run pipeline -- check` sees them. */
export async function pipelineFiles(root: string, application: string | undefined): Promise<Part> {
  if (application === undefined) {
    return {
      findings: [],
      notChecked: [
        'netlify.toml, the workflow, and who reads which value: give a clone of the application (--app PATH).',
      ],
      unseen: 'repository',
    };
  }
  const deviations = await check(root, application);
  if (deviations.length === 0) return { findings: [] };
  return {
    findings: [
      finding({
        kind: 'pipeline-differs',
        subject: 'application',
        what: `The application's pipeline deviates: ${deviations.join('; ')}.`,
        command: `npm run pipeline -- apply ${application}`,
        note: 'It shows the differences first; commit what it writes.',
      }),
    ],
  };
}

/** The deviations, one line each. */
async function check(root: string, folder: string): Promise<string[]> {
  const args = ['check', folder, '--json'];
  const output = await outputOfCommand(
    root,
    'commands/pipeline/command.ts',
    args,
    'The application’s files could not be checked',
  );
  return (JSON.parse(output) as string[]).map((line) => line.replace(/\.$/, ''));
}
