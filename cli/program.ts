import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { bareProgram, type Behaviour, type Program } from './bareProgram.ts';
import { openStackTrail } from './stackTrail.ts';
import { defaultStack } from '../settings/stack/stackFile.ts';

/** Makes a command that can be run of its definition. What it writes to a service is recorded in the stack's audit trail. */
export function program(root: CommandUnknownOpts, behaviour: Behaviour = {}): Program {
  root.hook('preAction', (_, command) => {
    const stack: unknown = command.opts().stack;
    openStackTrail(typeof stack === 'string' ? stack : defaultStack);
  });
  return bareProgram(root, behaviour);
}
