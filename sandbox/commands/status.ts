import { connect } from '../standIns/control/client.ts';
import { readEndpoints } from '../process/endpoints.ts';
import { readLog } from '../sandbox.ts';
import { sandboxDir } from '../process/paths.ts';
import { columns } from '../../machine/columns.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { json } from '../../cli/options.ts';
import { print } from './print.ts';

export const status = define('status', 'Says what runs where.').addOption(json).action(ends(say));

async function say({ json: asJson }: { readonly json: boolean }): Promise<number> {
  const dir = sandboxDir();
  const running = await connect(dir);
  const log = readLog(dir);
  const state = {
    running: running !== undefined,
    ...(running && { pid: running.pid }),
    dir,
    endpoints: (readEndpoints(dir)?.services ?? {}) as Readonly<Record<string, string>>,
    requests: log.length,
    writes: log.filter(({ effects }) => effects.length > 0).length,
    faults: running ? (await running.control.faults()).length : 0,
  };
  if (asJson) {
    print(JSON.stringify(state, undefined, 2));
    return exitCode.fine;
  }
  print(running ? `The sandbox runs (process ${running.pid}).` : 'The sandbox does not run.');
  print(`  folder             ${state.dir}`);
  if (running) for (const line of columns(Object.entries(state.endpoints), '  ')) print(line);
  print(`  requests           ${state.requests}, of which ${state.writes} changed something`);
  if (state.faults > 0) print(`  fault rules        ${state.faults}`);
  return exitCode.fine;
}
