import { applicationStates, type ApplicationState } from '../application/layApplication.ts';
import { ensureRunning } from '../process/background.ts';
import { sandboxDir } from '../process/paths.ts';
import { columns } from '../../machine/columns.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { choice } from '../../cli/options.ts';
import { print } from './print.ts';

const about = `
Starts the stand-ins in the background (other commands do it by themselves).

They end by themselves after two hours without a request; STAGING_SANDBOX_IDLE_MINUTES says another time.
Everything is kept in .sandbox/, or in the folder that STAGING_SANDBOX_DIR names.
`;

export const start = define('start', about)
  .summary('start the stand-ins in the background (other commands do it by themselves)')
  .addOption(
    choice(
      '--application <STATE>',
      applicationStates,
      'the state of the application (at first: playbook): the tables of the database, which each state has of its own, how ' +
        'the agent decides, and what the deploy job builds from then on. What Netlify serves stays until the next deploy, and ' +
        'GitHub’s repository stays the playbook’s, with develop: the scripts and workflows of a state run by npm run sandbox ' +
        '-- pipeline --application STATE',
    ),
  )
  .action(ends(begin));

async function begin({ application: state }: { readonly application?: ApplicationState }): Promise<number> {
  const dir = sandboxDir();
  const { control, endpoints, pid } = await ensureRunning(dir);
  if (state) await control.useApplication(state);
  print(`The sandbox runs (process ${pid}).`);
  if (state)
    print(
      `Of the state ${state} from now on: database, agent, and what the deploy job builds. As before: GitHub’s repository, ` +
        `and what is deployed already (npm run deploy:trigger). Scripts and workflows: npm run sandbox -- pipeline --application ${state}`,
    );
  for (const line of columns(Object.entries(endpoints), '  ')) print(line);
  return exitCode.fine;
}
