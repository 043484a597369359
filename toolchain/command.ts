import { Option } from '@commander-js/extra-typings';
import { define, ends } from '../cli/define.ts';
import { exitCode } from '../cli/errors.ts';
import { flag, json } from '../cli/options.ts';
import { bareProgram } from '../cli/bareProgram.ts';
import { handToGithubJob } from './build/githubJob.ts';
import { describeToolchain, progressReport } from './report.ts';
import { resolveToolchain } from './resolve.ts';
import { modeFromEnvironment, parseMode } from './toolchain.ts';
import { painter } from '../machine/paint.ts';

const about = `
Sets up Pulumi, its Node.js language host, the bridge and the providers, and says where each comes from.

STAGING_TOOLCHAIN sets the mode where no --mode is given. Programs are kept in the user's cache folder.
`;

export const command = bareProgram(
  define('toolchain', about)
    .addOption(
      new Option(
        '--mode <MODE>',
        'auto (default): what is installed, else the official downloads, else built from source with Go; official: never ' +
          "from source; source: only from source, where Netlify's and Supabase's providers are compatible ones, for loopback only",
      ),
    )
    .addOption(flag('--again', 'ask again for downloads that could not be reached within the last hour'))
    .addOption(flag('--benchmark', "build GitHub's Terraform provider too"))
    .addOption(json)
    .addOption(
      flag('--github-job', 'hand the result to the next steps of a GitHub Actions job (GITHUB_PATH, GITHUB_ENV)'),
    )
    .action(ends(setUp)),
  { more: 'Exit codes: 0 ready, 1 a step failed (the message says what to do).' },
);

interface Given {
  readonly mode?: string;
  readonly again: boolean;
  readonly benchmark: boolean;
  readonly json: boolean;
  readonly githubJob: boolean;
}

async function setUp({ mode, again, benchmark, json: asJson, githubJob }: Given): Promise<number> {
  const begin = performance.now();
  const toolchain = await resolveToolchain({
    mode: mode === undefined ? modeFromEnvironment() : parseMode(mode, '--mode'),
    report: progressReport(process.stderr),
    again,
    benchmark,
  });
  if (githubJob) handToGithubJob(toolchain, process.env);
  if (asJson) {
    process.stdout.write(`${JSON.stringify(toolchain, null, 2)}\n`);
    return exitCode.fine;
  }
  process.stdout.write(`${describeToolchain(toolchain, painter())}\n`);
  process.stdout.write(`Ready in ${((performance.now() - begin) / 1000).toFixed(2)} s.\n`);
  return exitCode.fine;
}
