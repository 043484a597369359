import { existsSync, readFileSync } from 'node:fs';
import { exitCode, runCommand } from '../../cli/command.ts';
import { refuseMissing } from '../../cli/missing.ts';
import { previewComment } from './comment.ts';
import { postComment } from './post.ts';
import { readPreview } from './preview.ts';

const help = `
Shows a pull request's preview as its one comment: what it changes, apart from what has drifted anyway.

  npm run preview:comment -- --base BASE.json --head HEAD.json --link URL --commit SHA [--drift DRIFT.md]
                             [--pull-request NUMBER]

BASE.json and HEAD.json are the output of 'pulumi preview --refresh --json' of the base branch and of the pull request;
DRIFT.md is what 'npm run drift -- --markdown DRIFT.md' wrote. Without it, or if it is missing, the comment says so.
With --pull-request the comment is made, or updated in place; without, it is printed.

Environment: GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL (default https://api.github.com).

Exit code: 0 fine, 1 error.
`;

void runCommand({
  help,
  options: {
    base: { type: 'string' },
    head: { type: 'string' },
    link: { type: 'string' },
    commit: { type: 'string' },
    drift: { type: 'string' },
    'pull-request': { type: 'string' },
  },
  numbers: { 'pull-request': { most: Number.MAX_SAFE_INTEGER, whole: true } },
  async run(values) {
    const { base = '', head = '', link = '', commit = '' } = values;
    const { GITHUB_TOKEN = '', GITHUB_REPOSITORY = '', GITHUB_API_URL } = process.env;
    const posts = values['pull-request'] !== undefined;
    await refuseMissing({ script: 'preview:comment', args: process.argv.slice(2) }, [
      base === '' && { add: '--base BASE.json', why: 'the preview of the base branch' },
      head === '' && { add: '--head HEAD.json', why: 'the preview of the pull request' },
      link === '' && { add: '--link URL', why: 'where the run is' },
      commit === '' && { add: '--commit SHA', why: 'what was previewed' },
      posts && GITHUB_TOKEN === '' && { add: 'GITHUB_TOKEN', why: 'in the environment: the token that may comment' },
      posts && GITHUB_REPOSITORY === '' && { add: 'GITHUB_REPOSITORY', why: 'in the environment: OWNER/NAME' },
    ]);
    const read = (file: string) => readPreview(readFileSync(file, 'utf8'));
    const look =
      values.drift !== undefined && existsSync(values.drift) ? readFileSync(values.drift, 'utf8') : undefined;
    const text = previewComment(read(base), read(head), link, commit, look);
    if (values['pull-request'] === undefined) {
      process.stdout.write(`${text}\n`);
      return exitCode.fine;
    }
    const pullRequest = Number(values['pull-request']);
    const outcome = await postComment(
      {
        api: (GITHUB_API_URL ?? 'https://api.github.com').replace(/\/+$/, ''),
        token: GITHUB_TOKEN,
        repository: GITHUB_REPOSITORY,
        pullRequest,
      },
      text,
    );
    process.stdout.write(`Comment ${outcome}.\n`);
    return exitCode.fine;
  },
});
