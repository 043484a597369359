import { Option } from '@commander-js/extra-typings';
import { existsSync, readFileSync } from 'node:fs';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { number } from '../../cli/options.ts';
import { program } from '../../cli/program.ts';
import { refuseMissing } from '../../cli/missing.ts';
import { previewComment } from './comment.ts';
import { postComment } from './post.ts';
import { readPreview } from './preview.ts';

const about = `
Shows a pull request's preview as its one comment: what it changes, apart from what has drifted anyway.
With --pull-request the comment is made, or updated in place; without, it is printed.
`;

const more = `
Environment: GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL (default https://api.github.com).

Exit codes: 0 fine, 1 error.
`;

const whole = { most: Number.MAX_SAFE_INTEGER, whole: true };

export const command = program(
  define('preview:comment', about)
    .addOption(new Option('--base <BASE.json>', "what 'pulumi preview --refresh --json' printed for the base branch"))
    .addOption(new Option('--head <HEAD.json>', 'the same for the pull request'))
    .addOption(new Option('--link <URL>', 'where the run is'))
    .addOption(new Option('--commit <SHA>', 'what was previewed'))
    .addOption(
      new Option(
        '--drift <DRIFT.md>',
        "what 'npm run drift -- --markdown DRIFT.md' wrote; without it, or if it is missing, the comment says so",
      ),
    )
    .addOption(number('--pull-request <NUMBER>', whole, 'the pull request that is commented'))
    .action(ends(comment)),
  { more },
);

/** What a person, or the workflow, gave. */
interface Given {
  readonly base?: string;
  readonly head?: string;
  readonly link?: string;
  readonly commit?: string;
  readonly drift?: string;
  readonly pullRequest?: number;
}

async function comment(values: Given): Promise<number> {
  const { base = '', head = '', link = '', commit = '' } = values;
  const { GITHUB_TOKEN = '', GITHUB_REPOSITORY = '', GITHUB_API_URL } = process.env;
  const { pullRequest } = values;
  const posts = pullRequest !== undefined;
  await refuseMissing({ script: 'preview:comment', args: process.argv.slice(2) }, [
    base === '' && { add: '--base BASE.json', why: 'the preview of the base branch' },
    head === '' && { add: '--head HEAD.json', why: 'the preview of the pull request' },
    link === '' && { add: '--link URL', why: 'where the run is' },
    commit === '' && { add: '--commit SHA', why: 'what was previewed' },
    posts && GITHUB_TOKEN === '' && { add: 'GITHUB_TOKEN', why: 'in the environment: the token that may comment' },
    posts && GITHUB_REPOSITORY === '' && { add: 'GITHUB_REPOSITORY', why: 'in the environment: OWNER/NAME' },
  ]);
  const read = (file: string) => readPreview(readFileSync(file, 'utf8'));
  const look = values.drift !== undefined && existsSync(values.drift) ? readFileSync(values.drift, 'utf8') : undefined;
  const text = previewComment(read(base), read(head), link, commit, look);
  if (pullRequest === undefined) {
    process.stdout.write(`${text}\n`);
    return exitCode.fine;
  }
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
}
