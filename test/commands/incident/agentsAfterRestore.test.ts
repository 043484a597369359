import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StagingServices } from '../../../deploys/stagingServices.ts';
import { cutShort, settleAgents, type RowBefore } from '../../../commands/incident/agentsAfterRestore.ts';
import { fileSettings } from '../../../settings/stack/file.ts';
import { projectOf } from '../../../settings/supabaseProject.ts';
import { fixtureRoot } from '../../support/fixture.ts';

const settings = fileSettings(fixtureRoot);
const staging = { settings, project: projectOf(settings), stack: 'staging' } as StagingServices;
const row = (disabled: boolean) => ({ disabled, reason: 'nonsense', by: 'Ada', at: '2026-01-01T00:00:00Z' });
const given = process.env;
let server: Server | undefined;
let answer: RequestListener;
beforeEach(async () => {
  const started = (server = createServer((request, response) => answer(request, response)));
  await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  process.env = { ...given, STAGING_SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: ['made', 'up'].join('-') };
});
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done));
  process.env = given;
});
const refuse: RequestListener = (_, response) =>
  response.writeHead(401, { 'Content-Type': 'application/json' }).end('{"message":"no"}');
const off: RequestListener = (request, response) => {
  if (request.method !== 'GET') {
    refuse(request, response);
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(
    JSON.stringify([{ actions_disabled: false, reason: null, updated_by: null, updated_at: '2026-01-01T00:00:00Z' }]),
  );
};
const settle = (row: RowBefore) => settleAgents(staging, row, 'Ada', 0);

describe('the agents after a restore', () => {
  it.each([
    ['the row cannot be read', refuse, row(true)],
    ['the row cannot be read, and was not thrown', refuse, row(false)],
    ['the row cannot be written', off, row(true)],
  ])('act again when %s: the command is the level that works without it', async (_, listener, was) => {
    answer = listener;
    const settled = await settle(was);
    expect(settled).toMatchObject({ actAgain: true, thrownAgain: false });
    expect(settled.text).toMatch(/^AGENTS ACT AGAIN, production's .*kill-switch -- off --emergency /s);
  });

  it('may act again when nobody knows what the row was: it can be written, so the command is the row’s', async () => {
    answer = off;
    const { text, actAgain } = await settle('unknown');
    expect(actAgain).toBe(true);
    expect(text).toMatch(/kill-switch -- off --reason/);
  });

  it('are as they were when the row was off before', async () => {
    answer = off;
    expect(await settle(row(false))).toMatchObject({ actAgain: false, thrownAgain: false });
  });

  it('are spoken of when a restore is not seen to its end, where they were stopped or may have been', () => {
    expect(cutShort(row(true), staging)).toMatch(/AGENTS MAY ACT AGAIN.*off --emergency/);
    expect(cutShort('unknown', staging)).toMatch(/AGENTS MAY ACT AGAIN.*off --emergency/);
    expect([cutShort(row(false), staging), cutShort('missing', staging)]).toEqual(['', '']);
  });
});
