import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsDocument, stackFileSchemaText } from '../../settings/document/settingsDocument.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { exitCode, runCommand, UsageError } from '../../cli/command.ts';

const help = `
npm run schema:settings -- [--check]   writes settings/pulumi-stack.schema.json, by which editors complete and check Pulumi.staging.yaml
npm run docs:settings -- [--check]     writes docs/settings.md

Both are made from the schema that checks the settings, settings/schema.ts. --check changes nothing.

Exit codes: 0 written, or up to date; 2 out of date (--check); 1 an error.
`;

const documents: Readonly<Record<string, { readonly file: string; readonly make: () => Promise<string> }>> = {
  schema: {
    file: 'settings/pulumi-stack.schema.json',
    make: stackFileSchemaText,
  },
  docs: { file: 'docs/settings.md', make: settingsDocument },
};

void runCommand({
  help,
  options: { check: { type: 'boolean', default: false } },
  async run({ check }, [which = '', ...rest]) {
    const wanted = rest.length === 0 ? documents[which] : undefined;
    if (wanted === undefined) throw new UsageError('Name one document: schema or docs.');
    const path = join(projectRoot(), wanted.file);
    const text = await wanted.make();
    if (!check) writeFileSync(path, text);
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
      process.stderr.write(
        `${wanted.file} is out of date. Write it again: ${which === 'docs' ? 'npm run docs:settings' : 'npm run schema:settings'}\n`,
      );
      return exitCode.findings;
    }
    return exitCode.fine;
  },
});
