import { readFileSync, rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Faults, type Fault } from '../../../sandbox/server/faults.ts';
import { serve, type Listening, type LogEntry } from '../../../sandbox/server/serve.ts';
import { call, ServiceError, type Api, type Call } from '../../../services/door/http.ts';

let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close();
  listening = undefined;
});

/** What the audit trail says of a write here. */
const audit = { action: 'set', writes: [{ place: 'thing', name: 'A' }] };
const token = ['canary', 'token', Math.random()].join('-');

/** Calls a service that answers `{ ok: true }` under the given faults; yields the answer or the error, and the log. */
async function attempt(faults: readonly Fault[], request: Call = { path: '/thing' }) {
  const rules = new Faults();
  rules.set(faults);
  const log: LogEntry[] = [];
  listening = await serve(
    { name: 'vendor', handle: () => ({ status: 200, body: { ok: true } }) },
    { faults: rules, log: (entry) => log.push(entry) },
  );
  const api: Api = {
    vendor: 'Vendor',
    baseUrl: listening.url,
    headers: { authorization: `Bearer ${token}` },
    accessFix: 'Set VENDOR_TOKEN.',
  };
  const outcome = await call(api, request, z.object({ ok: z.boolean() })).catch((error: unknown) => error);
  return { outcome, log };
}

describe('a call to a vendor', () => {
  it.each<[string, Fault]>([
    ['429', { status: 429, times: 1, headers: { 'retry-after': '0' } }],
    ['503', { status: 503, times: 2 }],
    ['a reset', { connection: 'reset', times: 1 }],
    ['half an answer', { connection: 'half', times: 1 }],
    ['an answer that is not JSON', { body: '<html>', times: 1 }],
  ])('is repeated after %s when it only reads', async (_, fault) => {
    const { outcome } = await attempt([fault]);
    expect(outcome).toMatchObject({ data: { ok: true } });
  });

  it.each<[number, string]>([
    [401, 'Vendor GET /thing: 401 Unauthorized. Set VENDOR_TOKEN.'],
    [403, 'Vendor GET /thing: 403 Forbidden. Set VENDOR_TOKEN.'],
    [404, 'Vendor GET /thing: 404 Not Found. Check the names in Pulumi.staging.yaml, and that the token may see them.'],
    [422, 'Vendor GET /thing: 422 Unprocessable Entity. Run it again; if it stays, look at the vendor’s status page.'],
  ])('is not repeated after %d, and the error says what to do', async (status, message) => {
    const { outcome, log } = await attempt([{ status }]);
    expect(outcome).toBeInstanceOf(ServiceError);
    expect((outcome as ServiceError).message).toBe(message);
    expect((outcome as ServiceError).status).toBe(status);
    expect(log.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /thing']);
  });

  it('does not repeat a write that may have taken effect', async () => {
    const { outcome, log } = await attempt([{ connection: 'reset' }], {
      method: 'PUT',
      path: '/thing',
      body: {},
      audit,
    });
    expect((outcome as Error).message).toMatch(/^Vendor PUT \/thing: connection failed/);
    expect(log.map(({ method, path }) => `${method} ${path}`)).toEqual(['PUT /thing']);
  });

  it.each<[string, Fault[], readonly string[]]>([
    ['done', [], ['begun', 'done']],
    ['refused', [{ status: 422 }], ['begun', 'refused']],
    ['unknown', [{ connection: 'reset' }], ['begun', 'unknown']],
  ])('leaves a write in the audit trail as %s, and no read', async (_, faults, outcomes) => {
    const file = String(process.env.STAGING_AUDIT_FILE);
    for (const end of ['', '.head']) rmSync(file + end, { force: true });
    await attempt([...faults], { method: 'PUT', path: '/thing', body: { value: token }, audit });
    await listening?.close();
    await attempt([]);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(token);
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(outcomes);
  });

  it('gives up on a server that never answers, within its time', async () => {
    const { outcome } = await attempt([{ connection: 'hang' }], {
      method: 'POST',
      path: '/thing',
      timeoutMs: 100,
      audit,
    });
    expect((outcome as Error).message).toContain('no answer within 0.1 s');
  });

  it.each<[string, Fault, string]>([
    ['a member is missing', { body: '{}' }, '(ok)'],
    ['a member has another type', { body: '{"ok":"canary"}' }, '(ok)'],
    ['it is a list', { body: '[]' }, '(the whole)'],
    ['it is empty', { body: '' }, '(the whole)'],
  ])('refuses an answer of another form at once: %s', async (_, fault, members) => {
    const { outcome, log } = await attempt([{ ...fault, status: 200 }]);
    expect(outcome).toMatchObject({ name: 'ServiceError', kind: 'form', status: 0 });
    expect((outcome as ServiceError).message).toBe(
      `Vendor GET /thing: the answer has another form ${members}. ` +
        'That is not what Vendor answers. Correct the address, if it is another server’s, or a proxy’s; else Vendor has changed its API.',
    );
    expect(log.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /thing']);
  });

  it('gives up after four tries', async () => {
    const { outcome, log } = await attempt([{ status: 503, headers: { 'retry-after': '0' } }]);
    expect(outcome).toMatchObject({ kind: 'status', status: 503 });
    expect(log).toHaveLength(4);
  });

  it('is repeated as a read is, where the write may be made twice', async () => {
    const { outcome, log } = await attempt([{ status: 503, times: 1, headers: { 'retry-after': '0' } }], {
      method: 'PUT',
      path: '/thing',
      repeatable: true,
      audit,
    });
    expect(outcome).toMatchObject({ data: { ok: true } });
    expect(log).toHaveLength(2);
  });

  it('never shows the token or the server’s text', async () => {
    const { outcome } = await attempt([{ status: 401, body: `you sent ${token}` }]);
    expect(String((outcome as Error).stack)).not.toContain(token);
  });
});
