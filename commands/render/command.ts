import { fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { exitCode, runCommand } from '../../cli/command.ts';
import { declarations } from './declarations.ts';
import { asText } from './text.ts';

const help = `
npm run render -- [--json] [--stack NAME]

Prints what the program declares: every resource with its inputs, each value as the place that it comes from, never the
value, and the settings that show in no resource. It needs no account, no vault, no state and no network, so a pull request from a fork can be compared with its
base: run it on both and diff. The output is the same for the same files.

  --json        an array of { type, name, inputs }
  --stack NAME  the stack whose Pulumi.NAME.yaml is read (default: staging); PULUMI_OPTION_CONFIG_FILE names another
                file, as it does for pulumi

Exit codes: 0 fine, 1 the configuration is wrong.
`;

void runCommand({
  help,
  options: { json: { type: 'boolean' }, stack: { type: 'string' } },
  async run({ json, stack = 'staging' }) {
    const declared = await declarations(fileSettings(projectRoot(), stack), { stack });
    process.stdout.write(json === true ? `${JSON.stringify(declared, undefined, 2)}\n` : asText(declared));
    return exitCode.fine;
  },
});
