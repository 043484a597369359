import { describe, expect, it } from '@jest/globals';
import { marker, previewComment } from '../../../commands/pullRequestComment/comment.ts';
import { postComment } from '../../../commands/pullRequestComment/post.ts';
import { readPreview } from '../../../commands/pullRequestComment/preview.ts';
import { Faults } from '../../../sandbox/server/faults.ts';
import { serve } from '../../../sandbox/server/serve.ts';
import { jsonBody, type ServiceRequest } from '../../../sandbox/server/service.ts';

const urn = (name: string) =>
  `urn:pulumi:staging::allincompassing::netlify:index/environmentVariable:EnvironmentVariable::${name}`;
const step = (op: string, name: string, properties: readonly string[] = []) => ({
  op,
  urn: urn(name),
  detailedDiff: Object.fromEntries(properties.map((property) => [property, { kind: 'update' }])),
  newState: { inputs: { value: 'never shown' } },
});
const preview = (...steps: readonly unknown[]) => readPreview(JSON.stringify({ steps }));
const look = '### Drift of the live system\n\nNo drift.\n';
const link = 'https://github.com/o/r/actions/runs/1';

describe('the comment', () => {
  it('keeps drift apart from what the pull request changes, grouped, without any value', () => {
    const base = preview(step('same', 'URL'), step('update', 'KEY', ['values']));
    const head = preview(step('update', 'KEY', ['values']), step('create', 'NEW'), step('delete', 'OLD'));
    const text = previewComment(base, head, link, 'abcdef0123456789', look);
    expect(text.startsWith(marker)).toBe(true);
    const [changes = '', drift = ''] = text.split('### Drift');
    expect(changes).toMatch(
      /\*\*`delete`\*\* \(1\)\n- `.*EnvironmentVariable OLD`\n\n\*\*`create`\*\* \(1\)\n- `.*NEW`/,
    );
    expect(changes).not.toContain('KEY');
    expect(drift).toMatch(/\*\*`update`\*\* \(1\)\n- `.* KEY`: `values`/);
    expect(text).not.toContain('never shown');
  });

  it('shows another change to a drifted resource as the pull request’s', () => {
    const text = previewComment(
      preview(step('update', 'K', ['values'])),
      preview(step('update', 'K', ['scopes'])),
      link,
      'a',
      look,
    );
    expect(text.split('### Drift')[0]).toContain('`scopes`');
  });

  it('says that there is nothing, or that the preview failed', () => {
    expect(previewComment(preview(), preview(), link, 'a', look)).toMatch(/Nothing\.[^]*No drift\.[^]*Nothing\./);
    const failed = readPreview(JSON.stringify({ diagnostics: [{ severity: 'error', message: 'no `access`\n@team' }] }));
    expect(previewComment(preview(), failed, link, 'a', look)).toContain('- `` no `access` @team ``');
  });

  it('shows what the preview warns of, once each, and nothing in it is markup', () => {
    const warned = readPreview(
      JSON.stringify({
        diagnostics: [
          { severity: 'warning', message: 'PRODUCTION IS WRITTEN: KEY\n@team <b>' },
          { severity: 'warning', message: 'PRODUCTION IS WRITTEN: KEY\n@team <b>' },
          { severity: 'info', message: 'no matter' },
        ],
      }),
    );
    const text = previewComment(preview(), warned, link, 'a', look);
    expect(text).toContain('### The preview warns\n\n- `PRODUCTION IS WRITTEN: KEY @team <b>`\n\n###');
    expect(text).not.toContain('no matter');
  });

  it('shows what the look found beside what a refresh would put right, under one heading', () => {
    const found = '### Drift of the live system\n\n1 findings\n\n| | What |\n| --- | --- |\n| high | KEY is gone. |\n';
    const text = previewComment(preview(step('update', 'KEY', ['values'])), preview(), link, 'a', found);
    const [, drift = ''] = text.split('### Drift of the live system, with or without this pull request');
    expect(drift).toMatch(
      /\| high \| KEY is gone\. \|\n\n### What an update of the base would put right[^]*KEY`: `values`/,
    );
    expect(text.match(/### Drift/g)).toHaveLength(1);
    expect(previewComment(preview(), preview(), link, 'a', undefined)).toContain('The look for drift failed');
  });

  it('is trimmed to what GitHub takes, with a link to the whole', () => {
    const many = preview(...Array.from({ length: 2000 }, (_, index) => step('create', `VARIABLE_${index}`)));
    const text = previewComment(preview(), many, link, 'a', look);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/… \d+ more lines: \[the whole preview\]\(https:/);
  });
});

describe('posting it', () => {
  /** The two endpoints of GitHub that it uses, with a page of others' comments first. */
  async function world(existing: readonly string[]) {
    const user = { login: 'github-actions[bot]', type: 'Bot' };
    const comments = existing.map((body, index) => ({ id: index + 1, user, body }));
    const calls: string[] = [];
    const faults = new Faults();
    const handle = (request: ServiceRequest) => {
      const { body } = (jsonBody(request) ?? {}) as { body?: string };
      calls.push(`${request.method} ${request.path}`);
      const page = Number(request.query.get('page') ?? 1);
      if (request.method === 'GET') return { status: 200, body: comments.slice((page - 1) * 100, page * 100) };
      if (request.method === 'POST') comments.push({ id: comments.length + 1, user, body: body ?? '' });
      return { status: request.method === 'POST' ? 201 : 200, body: {} };
    };
    const server = await serve({ name: 'github', handle }, { faults });
    const to = { api: server.url, token: 't', repository: 'o/r', pullRequest: 7 };
    return { to, calls, faults, close: () => server.close() };
  }

  it('makes one comment, and updates it, on whatever page it is', async () => {
    const others = Array.from({ length: 150 }, () => 'something else');
    const first = await world(others);
    expect(await postComment(first.to, `${marker} a`)).toBe('created');
    expect(await postComment(first.to, `${marker} b`)).toBe('updated');
    expect(first.calls.at(-1)).toBe('PATCH /repos/o/r/issues/comments/151');
    await first.close();
  });

  it('names the setting to correct where GitHub is elsewhere, and prints nothing of a page', async () => {
    const { to, faults, close } = await world([]);
    const page = '<!doctype html><title>canary</title>';
    faults.set([{ status: 301, headers: { location: 'https://elsewhere.example/canary' }, body: page }]);
    await expect(postComment(to, marker)).rejects.toThrow(
      /301, sent on to https:\/\/elsewhere\.example: .*GITHUB_API_URL/,
    );
    faults.set([{ status: 200, headers: { 'content-type': 'text/html' }, body: page }]);
    const posting = postComment(to, marker);
    await expect(posting).rejects.toThrow('the answer is not JSON');
    await expect(posting).rejects.not.toThrow(/canary/);
    await close();
  }, 30_000);

  it('names the permission when GitHub refuses, and does not post twice', async () => {
    const { to, faults, calls, close } = await world([]);
    faults.set([{ method: 'POST', status: 403 }]);
    await expect(postComment(to, marker)).rejects.toThrow('pull-requests: write');
    faults.set([{ method: 'POST', status: 502, afterEffect: true }]);
    await expect(postComment(to, marker)).rejects.toThrow('502');
    expect(calls.filter((call) => call.startsWith('POST'))).toHaveLength(1);
    await close();
  });
});
