import { parseArgs } from 'node:util';
import { applicationStates } from '../application/layApplication.ts';
import { ensureRunning } from '../process/background.ts';
import { print, type Subcommand, UsageError } from './subcommand.ts';
import { columns } from '../../machine/columns.ts';

export const start: Subcommand = {
  usage: '[--application playbook|newest]',
  summary: 'start the stand-ins in the background (other commands do it by themselves)',
  details:
    '--application chooses the state of the application (at first: playbook): the tables of the database, which each state\n' +
    'has of its own, how the agent decides, and what the deploy job builds from then on. What Netlify serves stays until\n' +
    'the next deploy, and GitHub’s repository stays the playbook’s, with develop: the scripts and workflows of a state run\n' +
    'by `npm run sandbox -- pipeline --application STATE`.\n' +
    'They end by themselves after two hours without a request; STAGING_SANDBOX_IDLE_MINUTES says another time.\n' +
    'Everything is kept in .sandbox/, or in the folder that STAGING_SANDBOX_DIR names.',
  async run(args, dir) {
    const { values } = parseArgs({ args: [...args], options: { application: { type: 'string' } } });
    const state = applicationStates.find((each) => each === values.application);
    if (values.application !== undefined && state === undefined)
      throw new UsageError(`--application is ${applicationStates.join(' or ')}.`);
    const { control, endpoints, pid } = await ensureRunning(dir);
    if (state) await control.useApplication(state);
    print(`The sandbox runs (process ${pid}).`);
    if (state)
      print(
        `Of the state ${state} from now on: database, agent, and what the deploy job builds. As before: GitHub’s repository, ` +
          `and what is deployed already (npm run deploy:trigger). Scripts and workflows: npm run sandbox -- pipeline --application ${state}`,
      );
    for (const line of columns(Object.entries(endpoints), '  ')) print(line);
    return 0;
  },
};
