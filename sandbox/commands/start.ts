import { parseArgs } from 'node:util';
import { applicationStates } from '../application/layApplication.ts';
import { ensureRunning } from '../background.ts';
import { print, type Subcommand, UsageError } from './subcommand.ts';

export const start: Subcommand = {
  usage: '[--application playbook|newest]',
  summary: 'start the stand-ins in the background (other commands do it by themselves)',
  details:
    '--application gives the database the tables of the application in that state (at first: playbook), and the agent\n' +
    'decides as it does there. Each state has a database of its own.\n' +
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
    for (const [name, address] of Object.entries(endpoints)) print(`  ${name.padEnd(18)} ${address}`);
    return 0;
  },
};
