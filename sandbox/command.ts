import { define } from '../cli/define.ts';
import { exitCode } from '../cli/errors.ts';
import { bareProgram } from '../cli/bareProgram.ts';
import { agent } from './commands/agent.ts';
import { breakIt } from './commands/break.ts';
import { drill } from './commands/drill.ts';
import { exec } from './commands/exec.ts';
import { fault } from './commands/fault.ts';
import { log } from './commands/log.ts';
import { pipeline } from './commands/pipeline.ts';
import { reset } from './commands/reset.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { vault } from './commands/vault.ts';

const sandbox = define(
  'sandbox',
  'Stand-ins of 1Password, Netlify, GitHub, Supabase and Slack on this machine, and commands that run against them.',
);

export const command = bareProgram(sandbox, {
  verbs: [start, agent, stop, status, exec, drill, vault, fault, log, breakIt, reset, pipeline],
  withoutVerb: () => {
    process.stdout.write(sandbox.helpInformation());
    return exitCode.error;
  },
});
