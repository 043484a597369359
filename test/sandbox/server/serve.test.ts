import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sandboxPaths } from '../../../sandbox/process/paths.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';
import { serve, type Listening, type LogEntry } from '../../../sandbox/server/serve.ts';
import type { Service } from '../../../sandbox/server/service.ts';
import { createSlack } from '../../../sandbox/standIns/slack/service.ts';

let listening: Listening | undefined;
const folder = mkdtempSync(join(tmpdir(), 'serve-'));
afterEach(async () => {
  await listening?.close();
  listening = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function started(service: Service): Promise<{ readonly url: string; readonly log: LogEntry[] }> {
  const log: LogEntry[] = [];
  listening = await serve(service, { log: (entry) => log.push(entry) });
  return { url: listening.url, log };
}

describe('the request log', () => {
  it('never shows the path of a webhook, right or wrong: it is a secret', async () => {
    const canary = `T${randomBytes(6).toString('hex')}`;
    const { url, log } = await started(createSlack({ stateDir: folder, webhookPath: `/services/${canary}/B/x` }));
    const post = (path: string) => fetch(url + path, { method: 'POST', body: JSON.stringify({ text: 'hello' }) });
    expect((await post(`/services/${canary}/B/x`)).status).toBe(200);
    expect((await post(`/services/${canary}/B/y`)).status).toBe(403);
    await fetch(`${url}/messages`);
    expect(log.map(({ path }) => path)).toEqual(['/services/…', '/services/…', '/messages']);
    expect(JSON.stringify(log)).not.toContain(canary);
  });
});

describe('the sandbox’s request log', () => {
  it('does not hold the webhook that the vault holds', async () => {
    const sandbox = await startSandbox({ dir: join(folder, 'whole') });
    try {
      const { pathname } = new URL(sandbox.standIns().onepassword.vault.read('slack_webhook_url'));
      await fetch(sandbox.endpoints.slack + pathname, { method: 'POST', body: JSON.stringify({ text: 'hello' }) });
      expect(sandbox.log()).toMatchObject([{ service: 'slack', path: '/services/…', status: 200 }]);
      expect(readFileSync(sandboxPaths(join(folder, 'whole')).requests, 'utf8')).not.toContain(pathname);
    } finally {
      await sandbox.close();
    }
  });
});

describe('a defect of a stand-in', () => {
  it('is told by its message alone, no stack', async () => {
    const broken: Service = {
      name: 'vendor',
      handle() {
        throw new Error('not written yet');
      },
    };
    const { url } = await started(broken);
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([500, 'sandbox defect in vendor: not written yet']);
  });
});
