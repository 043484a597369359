import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createClient } from '@supabase/supabase-js';
import { readSteps, type Source } from '../../commands/killSwitch/traces.ts';
import { verificationText, verify } from '../../commands/killSwitch/verify.ts';
import { applicationStates, type ApplicationState } from '../../sandbox/application/layApplication.ts';
import { serve, type Listening } from '../../sandbox/server/serve.ts';
import { agentPath } from '../../sandbox/standIns/supabase/agent/agent.ts';
import { applicationMigrations } from '../../sandbox/standIns/supabase/application.ts';
import { createKeys } from '../../sandbox/standIns/supabase/keys.ts';
import { createSupabase, type SupabaseService } from '../../sandbox/standIns/supabase/service.ts';
import { supabaseDatabase, type SupabaseDatabase } from '../../services/supabase/supabase.ts';
import { sharedProject } from '../support/sharedProject.ts';

jest.setTimeout(60_000);

describe.each(applicationStates)('the agents of the application, %s', (application: ApplicationState) => {
  const keys = createKeys(randomBytes(32).toString('hex'), 'wnnjeqheqxxyrgsjmygy');
  const password = randomBytes(12).toString('hex');
  const person = (role: string) => ({
    email: `${role}@staging.example`,
    password,
    app_metadata: { role, organization_id: '3f0f8c1e-5a51-4a7e-9a20-6c1d8ff0a001' },
  });
  let secrets: Record<string, string> = {};
  let service: SupabaseService;
  let server: Listening;
  let database: SupabaseDatabase;
  const tokens: Record<string, string> = {};
  let since = '';

  beforeAll(async () => {
    service = createSupabase({
      keys,
      migrations: applicationMigrations(application),
      users: [person('therapist'), person('client')],
      agent: { application, secrets: () => secrets },
    });
    server = await serve(service);
    const url = server.url;
    database = supabaseDatabase(url, keys.serviceRoleKey);
    for (const role of ['therapist', 'client']) {
      const { data } = await createClient(url, keys.anonKey, {
        auth: { persistSession: false, autoRefreshToken: false },
      }).auth.signInWithPassword({ email: person(role).email, password });
      tokens[role] = data.session?.access_token ?? '';
    }
  });
  afterAll(async () => {
    await server.close();
    await service.close();
  });
  beforeEach(async () => {
    secrets = {};
    await sql('update agent_runtime_config set actions_disabled = false; delete from agent_execution_traces');
    since = new Date().toISOString();
  });

  const sql = async (text: string) => (await service.database()).superuser.exec(text);
  const rowOff = () => sql('update agent_runtime_config set actions_disabled = true');
  async function ask(message: string, { role = 'therapist', tools = [] as string[], ledger = false } = {}) {
    const response = await fetch(`${server.url}${agentPath}`, {
      method: 'POST',
      headers: { apikey: keys.anonKey, authorization: `Bearer ${tokens[role] ?? ''}` },
      body: JSON.stringify({
        message,
        context: { guardrails: { allowedTools: tools } },
        ...(ledger && { agentWork: {} }),
      }),
    });
    return { status: response.status, ...((await response.json()) as { action?: unknown; code?: string }) };
  }
  const traced = async () => {
    const { superuser } = await service.database();
    const { rows } = await superuser.query<{ step_name: string }>(
      'select step_name from agent_execution_traces order by step_index',
    );
    return rows.map(({ step_name: name }) => name);
  };
  const proof = (source: Source, graceMs = 0) =>
    verify(database, { source, since, graceMs, timeoutMs: 0, report: () => undefined });

  it('act while nothing is off, and that disproves either level and is named', async () => {
    expect(await ask('use schedule_session')).toMatchObject({ status: 200, action: { type: 'schedule_session' } });
    expect(await traced()).toEqual([
      'prompt_tool.version.loaded',
      'request.received',
      'execution.gate.allowed',
      'llm.response.received',
      'tool.execution.allowed',
      'response.sent',
    ]);
    for (const source of ['db', 'env'] as const) {
      const found = await proof(source);
      expect(found.verdict).toBe('acted');
      expect(found.ran.map(({ step }) => step)).toEqual([
        'execution.gate.allowed',
        'tool.execution.allowed',
        'response.sent',
      ]);
      expect(verificationText(found, { project: sharedProject, stack: 'staging' })).toMatch(
        /AGENTS STILL ACT[\s\S]*tool\.execution\.allowed: a tool ran, request \S+/,
      );
    }
  });

  it.each(['true', 'TRUE', 'Yes', '1', ' true\n'])('are refused by the secret %j, before the row', async (value) => {
    secrets = { AGENT_ACTIONS_DISABLED: value };
    await rowOff();
    expect(await ask('use schedule_session')).toMatchObject({ action: null });
    expect(await proof('env')).toMatchObject({ verdict: 'denied', denied: 1, ran: [] });
    expect(await proof('db')).toMatchObject({ verdict: 'silent', deniedOtherwise: 1 });
  });

  it.each(['false', '0', 'on', ''])('are not refused by the secret %j', async (value) => {
    secrets = { AGENT_ACTIONS_DISABLED: value };
    expect(await ask('use schedule_session')).toMatchObject({ action: { type: 'schedule_session' } });
  });

  it('are refused by the row, and only what comes after the grace counts', async () => {
    await rowOff();
    expect(await ask('use schedule_session')).toMatchObject({ action: null });
    expect(await traced()).toContain('tool.execution.blocked');
    expect(await proof('db')).toMatchObject({ verdict: 'denied', denied: 1 });
    expect(await proof('db', 60_000)).toMatchObject({ verdict: 'silent', denied: 0 });
    expect(await proof('env')).toMatchObject({ verdict: 'silent', deniedOtherwise: 1 });
  });

  it('are denied some tools while the switch is off: that is no proof, and the gate is open', async () => {
    await ask('How many?', { role: 'client', tools: ['schedule_session'] });
    expect(await traced()).toContain('execution.gate.denied');
    const found = await proof('db');
    expect(found).toMatchObject({ verdict: 'acted', denied: 0 });
    expect(verificationText(found, { project: sharedProject, stack: 'staging' })).toContain(
      'the gate was open for permitted tools',
    );
  });

  it('are blocked one tool for its own reason', async () => {
    await ask('use schedule_session', { role: 'client' });
    expect(await traced()).toContain('tool.execution.blocked');
    expect((await readSteps(database, since)).map(({ step }) => step)).not.toContain('tool.execution.blocked');
  });

  it('act, or deny, where they cannot read the row', async () => {
    await sql('alter table agent_runtime_config rename to elsewhere');
    try {
      const { action } = await ask('use schedule_session');
      expect(action).toEqual(application === 'playbook' ? { type: 'schedule_session', data: {} } : null);
      expect((await proof('db')).verdict).toBe(application === 'playbook' ? 'acted' : 'denied');
    } finally {
      await sql('alter table elsewhere rename to agent_runtime_config');
    }
  });

  it('prove nothing where traces are lost', async () => {
    await sql('alter table agent_execution_traces rename column payload to lost');
    await rowOff();
    try {
      expect(await ask('use schedule_session')).toMatchObject({ status: 200, action: null });
    } finally {
      await sql('alter table agent_execution_traces rename column lost to payload');
    }
    expect((await proof('db')).verdict).toBe('silent');
  });

  it('trace no step of the gate for the ledger’s work, which the newest state knows', async () => {
    const { status } = await ask('ledger', { ledger: true });
    expect(status).toBe(200);
    const gate = (await traced()).filter((step) => step.startsWith('execution.gate'));
    expect(gate).toEqual(application === 'playbook' ? ['execution.gate.allowed'] : []);
    expect((await proof('db')).verdict).toBe(application === 'playbook' ? 'acted' : 'silent');
    await rowOff();
    expect((await ask('ledger', { ledger: true })).status).toBe(application === 'playbook' ? 200 : 409);
  });

  it('answer nobody who has not signed in, and nothing that is no request', async () => {
    const send = (token: string, body: string) =>
      fetch(`${server.url}${agentPath}`, {
        method: 'POST',
        headers: { apikey: keys.anonKey, authorization: `Bearer ${token}` },
        body,
      });
    expect((await send(keys.anonKey, '{"message":"x"}')).status).toBe(401);
    expect((await send(tokens.client ?? '', '{}')).status).toBe(400);
  });
});
