import { hostname, userInfo } from 'node:os';
import { printable } from '../machine/printable.ts';

/** Who writes: the CI's actor, else the account on this machine. */
export function writer(env: NodeJS.ProcessEnv = process.env): string {
  return printable(env.GITHUB_ACTOR ?? env.USER ?? env.LOGNAME ?? userInfo().username);
}

/** From where: the address of the run on GitHub Actions, else this machine's name. */
export function origin(env: NodeJS.ProcessEnv = process.env): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server !== undefined && repository !== undefined && run !== undefined)
    return printable(`${server}/${repository}/actions/runs/${run}`);
  return printable(hostname());
}
