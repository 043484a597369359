import { define, ends } from '../../../cli/define.ts';
import { check } from '../../../cli/options.ts';
import { bareProgram } from '../../../cli/bareProgram.ts';
import { writtenOrChecked } from '../../../cli/document.ts';
import { policiesDocument } from './document.ts';

export const command = bareProgram(
  define('docs:policies', 'Writes docs/policies.md from the policies and the detection rules themselves.')
    .addOption(check)
    .action(
      ends(async (options) => writtenOrChecked('docs/policies.md', await policiesDocument(), 'docs:policies', options)),
    ),
  { more: 'Exit codes: 0 written, or up to date; 2 out of date (--check); 1 an error.' },
);
