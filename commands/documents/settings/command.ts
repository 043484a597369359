import { define, ends } from '../../../cli/define.ts';
import { writtenOrChecked } from '../../../cli/document.ts';
import { check } from '../../../cli/options.ts';
import { bareProgram } from '../../../cli/bareProgram.ts';
import { settingsDocument, stackFileSchemaText } from '../../../settings/document/settingsDocument.ts';

const schemaFile = 'settings/pulumi-stack.schema.json';

const schema = define('schema', `writes ${schemaFile}, by which editors complete and check Pulumi.staging.yaml`, {
  typed: 'schema:settings',
})
  .addOption(check)
  .action(
    ends(async (options) => writtenOrChecked(schemaFile, await stackFileSchemaText(), 'schema:settings', options)),
  );

const docs = define('docs', 'writes docs/settings.md', { typed: 'docs:settings' })
  .addOption(check)
  .action(
    ends(async (options) => writtenOrChecked('docs/settings.md', await settingsDocument(), 'docs:settings', options)),
  );

export const command = bareProgram(
  define('settings', 'Writes what is made from the schema that checks the settings, settings/schema.ts.'),
  { verbs: [schema, docs], more: 'Exit codes: 0 written, or up to date; 2 out of date (--check); 1 an error.' },
);
