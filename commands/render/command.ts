import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { flag, stack } from '../../cli/options.ts';
import { program } from '../../cli/program.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { declarations } from './declarations.ts';
import { asText } from './text.ts';

const about = `
Prints what the program declares: every resource with its inputs, each value as the place that it comes from, never the
value, and the settings that show in no resource. It needs no account, no vault, no state and no network, so a pull
request from a fork can be compared with its base: run it on both and diff. The output is the same for the same files.
PULUMI_OPTION_CONFIG_FILE names another file than Pulumi.NAME.yaml, as it does for pulumi.
`;

export const command = program(
  define('render', about)
    .addOption(flag('--json', 'an array of { type, name, inputs }'))
    .addOption(stack)
    .action(
      ends(async ({ json, stack }) => {
        const declared = await declarations(fileSettings(projectRoot(), stack), { stack });
        process.stdout.write(json ? `${JSON.stringify(declared, undefined, 2)}\n` : asText(declared));
        return exitCode.fine;
      }),
    ),
  { more: 'Exit codes: 0 fine, 1 the configuration is wrong.' },
);
