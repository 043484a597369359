import { bareProgram } from '../../../cli/bareProgram.ts';
import { define, ends } from '../../../cli/define.ts';
import { definitions } from '../../../cli/definitions.ts';
import { writtenOrChecked } from '../../../cli/document.ts';
import { check } from '../../../cli/options.ts';
import { projectRoot } from '../../../settings/stack/projectRoot.ts';
import { commandsDocument } from './document.ts';

export const command = bareProgram(
  define('docs:commands', 'Writes docs/commands.md from the definitions of the commands.')
    .addOption(check)
    .action(
      ends(async (options) => {
        const commands = [...(await definitions(projectRoot())).values()];
        return writtenOrChecked('docs/commands.md', commandsDocument(commands), 'docs:commands', options);
      }),
    ),
  { more: 'Exit codes: 0 written, or up to date; 2 out of date (--check); 1 an error.' },
);
