import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode, runCommand } from '../../cli/command.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { policiesDocument } from './document.ts';

const help = `
Writes docs/policies.md from the policies and the detection rules themselves.

  npm run docs:policies
  npm run docs:policies -- --check   changes nothing

Exit codes: 0 written, or up to date; 2 out of date (--check); 1 an error.
`;

void runCommand({
  help,
  options: { check: { type: 'boolean', default: false } },
  async run({ check }) {
    const file = join(projectRoot(), 'docs', 'policies.md');
    const text = await policiesDocument();
    if (!check) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      process.stderr.write('docs/policies.md is out of date. Write it again: npm run docs:policies\n');
      return exitCode.findings;
    }
    return exitCode.fine;
  },
});
