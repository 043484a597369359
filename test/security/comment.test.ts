import { describe, expect, it } from '@jest/globals';
import { codeSpan } from '../../cli/codeSpan.ts';
import { marker, previewComment } from '../../commands/pullRequestComment/comment.ts';
import { postComment } from '../../commands/pullRequestComment/post.ts';
import { readPreview } from '../../commands/pullRequestComment/preview.ts';
import { reportMarkdown } from '../../commands/drift/report/markdown.ts';
import { serve } from '../../sandbox/server/serve.ts';
import type { ServiceRequest } from '../../sandbox/server/service.ts';

const hostile = [
  '@everyone',
  '<img src=x onerror=alert(1)>',
  '[click](https://evil.example)',
  'https://evil.example',
  '`` ` ```',
  '`@team`',
  'a | b \\| @team',
  'two\n\n# lines\n- @team',
  '\r@team\u2028@team\u0000',
  '<!-- ',
  '',
  '   ',
  '`',
  '\\`@team',
];

/** What stands outside of Markdown's code spans, by CommonMark's rule: a span ends at a row of as many backticks as began it. */
function outside(line: string): string {
  let [rest, out] = [line, ''];
  for (;;) {
    const begin = /`+/.exec(rest);
    if (begin === null) return out + rest;
    const after = rest.slice(begin.index + begin[0].length);
    const end = [...after.matchAll(/`+/g)].find(([row]) => row.length === begin[0].length);
    out += rest.slice(0, begin.index) + (end === undefined ? begin[0] : '');
    rest = end === undefined ? after : after.slice(end.index + end[0].length);
  }
}

describe('a text of a service in a code span', () => {
  it.each(hostile)('%j stays inside, on one line, and in one cell of a table', (text) => {
    const span = codeSpan(text);
    expect(outside(`| ${span} |`)).toBe('|  |');
    expect(span).not.toMatch(/[\r\n\u2028|]/);
  });
});

describe('the pull request’s comment', () => {
  const urn = (name: string) => `urn:pulumi:staging::project::type::${name}`;
  const steps = hostile.map((text) => ({ op: text, urn: urn(text), detailedDiff: { [text]: {} } }));
  const diagnostics = hostile.map((message) => ({ severity: 'error', message }));
  const preview = readPreview(JSON.stringify({ steps, diagnostics }));

  it('has nothing of the previews’ texts outside of code', () => {
    const text = previewComment(readPreview('{}'), preview, 'https://github.com/o/r', '`@team`', undefined);
    const bare = text.split('\n').map(outside).join('\n');
    expect(bare).not.toMatch(/team|evil|everyone|img|lines/);
    expect(bare.match(/<!--/g)).toHaveLength(1);
  });

  it('has nothing of the drift’s texts outside of code', () => {
    const findings = hostile.map((text) => ({
      id: text,
      kind: 'value-changed',
      severity: 'high',
      what: text,
      by: text,
      since: text,
      where: { target: 'Netlify', subject: text },
      fix: { command: text },
    }));
    const look = { findings, errors: hostile, notChecked: hostile } as unknown as Parameters<typeof reportMarkdown>[0];
    const bare = reportMarkdown(look).split('\n').map(outside).join('\n');
    expect(bare).not.toMatch(/team|evil|everyone|img|lines/);
    // Four cells in each row of the table, whatever stands in them.
    for (const row of bare.split('\n').filter((line) => line.startsWith('| high')))
      expect(row.split('|')).toHaveLength(6);
  });
});

describe('the comment that is updated', () => {
  const bot = { login: 'github-actions[bot]', type: 'Bot' };
  const body = `${marker} old`;

  async function post(comments: readonly object[]): Promise<string[]> {
    const calls: string[] = [];
    const handle = ({ method, path }: ServiceRequest) => {
      calls.push(`${method} ${path}`);
      return { status: method === 'POST' ? 201 : 200, body: method === 'GET' ? comments : {} };
    };
    const server = await serve({ name: 'github', handle });
    try {
      await postComment({ api: server.url, token: 't', repository: 'o/r', pullRequest: 7 }, body);
    } finally {
      await server.close();
    }
    return calls.slice(1);
  }

  it.each([
    ['somebody', { login: 'somebody', type: 'User' }],
    ['another bot', { login: 'helper[bot]', type: 'Bot' }],
    ['a person of the bot’s name', { login: 'github-actions[bot]', type: 'User' }],
    ['nobody that GitHub knows any more', null],
  ])('is never one of %s with our marker', async (_, user) => {
    expect(await post([{ id: 1, body, user }])).toEqual(['POST /repos/o/r/issues/7/comments']);
  });

  it('is the bot’s own, behind one that only looks like it', async () => {
    const comments = [
      { id: 1, body, user: { login: 'somebody', type: 'User' } },
      { id: 2, body: 'another of the bot’s', user: bot },
      { id: 3, body, user: bot },
    ];
    expect(await post(comments)).toEqual(['PATCH /repos/o/r/issues/comments/3']);
  });
});
