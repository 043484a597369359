import { runCommand, exitCode } from '../cli/command.ts';
import { handToGithubJob } from './build/githubJob.ts';
import { describeToolchain, progressReport } from './report.ts';
import { resolveToolchain } from './resolve.ts';
import { modeFromEnvironment, parseMode } from './toolchain.ts';

const help = `
Sets up Pulumi, its Node.js language host, the bridge and the providers, and says where each comes from.

Usage: npm run toolchain -- [options]

  --mode auto      what is installed, else the official downloads, else built from source with Go (default)
  --mode official  what is installed, else the official downloads
  --mode source    built from source with Go; Netlify's and Supabase's providers are compatible ones, for loopback only
  --again          ask again for downloads that could not be reached within the last hour
  --benchmark      build GitHub's Terraform provider too
  --json           print the result as JSON
  --github-job     hand the result to the next steps of a GitHub Actions job (GITHUB_PATH, GITHUB_ENV)

STAGING_TOOLCHAIN sets the mode where no --mode is given. Programs are kept in the user's cache folder.
Exit codes: 0 ready, 1 a step failed (the message says what to do).
`;

void runCommand({
  help,
  options: {
    mode: { type: 'string' },
    again: { type: 'boolean', default: false },
    benchmark: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    'github-job': { type: 'boolean', default: false },
  },
  run: async ({ mode, again, benchmark, json, 'github-job': githubJob }) => {
    const begin = performance.now();
    const toolchain = await resolveToolchain({
      mode: mode === undefined ? modeFromEnvironment() : parseMode(mode, '--mode'),
      report: progressReport(process.stderr),
      again,
      benchmark,
    });
    if (githubJob) handToGithubJob(toolchain, process.env);
    if (json) {
      process.stdout.write(`${JSON.stringify(toolchain, null, 2)}\n`);
      return exitCode.fine;
    }
    const colours = process.stdout.isTTY && process.env.NO_COLOR === undefined;
    process.stdout.write(`${describeToolchain(toolchain, colours)}\n`);
    process.stdout.write(`Ready in ${((performance.now() - begin) / 1000).toFixed(2)} s.\n`);
    return exitCode.fine;
  },
});
