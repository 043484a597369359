import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ApplicationState } from '../../../application/layApplication.ts';
import { jsonBody, type ServiceReply, type ServiceRequest } from '../../../server/service.ts';
import type { Database } from '../database.ts';
import type { Claims } from '../keys.ts';
import { readKillSwitch } from './killSwitch.ts';
import { effectOf, permittedTools, refusalOf } from './tools.ts';

/** Where the agent is asked, below the project's address. */
export const agentPath = '/functions/v1/ai-agent-optimized';

export interface AgentOptions {
  /** How it decides where its row cannot be read, and what it traces. */
  readonly application: ApplicationState;
  /** The secrets of the project's Edge Functions, as they are at the request. */
  readonly secrets: () => Readonly<Record<string, string>>;
}

const body = z.object({
  message: z.string().min(1).max(4000).optional(),
  context: z
    .looseObject({ guardrails: z.looseObject({ allowedTools: z.array(z.string()).optional() }).optional() })
    .optional(),
  agentWork: z.looseObject({}).optional(),
});

interface Step {
  readonly name: string;
  readonly status: 'ok' | 'blocked' | 'error';
  readonly payload: object;
}

/**
 * The application's agent: it decides and traces as the real one does. For a model it has a rule: a message `use TOOL`
 * makes the model ask for that tool, any other does not.
 */
export async function askAgent(
  { application, secrets }: AgentOptions,
  database: Database,
  claims: Claims,
  request: ServiceRequest,
): Promise<ServiceReply> {
  if (request.method !== 'POST') return { status: 405, body: { code: 'validation_error' } };
  const { sub } = claims;
  if (sub === undefined) return { status: 401, body: { code: 'unauthorized' } };
  const { data } = body.safeParse(jsonBody(request));
  const ledger = application === 'newest' && data?.agentWork !== undefined;
  if (!data || (data.message === undefined && !ledger)) return { status: 400, body: { code: 'validation_error' } };

  const person = await personOf(database, sub);
  const killSwitch = await readKillSwitch(application, secrets(), database);
  const requestId = randomUUID();
  let index = 0;
  const trace = async ({ name, status, payload }: Step) => {
    const values = [requestId, sub, person.organization, name, index++, status, JSON.stringify(payload)];
    await database
      .as({ role: 'service_role' }, (transaction) => transaction.query(insertTrace, values))
      .catch(() => undefined); // as the real one: a step that cannot be written is lost without a word
  };

  const headers = { 'x-request-id': requestId, 'access-control-expose-headers': 'x-request-id' };
  if (ledger) return { ...(await answerLedger(killSwitch.killSwitchEnabled, trace)), headers };
  const requestedTools = data.context?.guardrails?.allowedTools ?? [];
  const { allowedTools, deniedTools } = permittedTools(person.role, requestedTools);
  await trace({ name: 'prompt_tool.version.loaded', status: 'ok', payload: { found: false } });
  await trace({ name: 'request.received', status: 'ok', payload: { role: person.role, requestedTools } });
  await trace(
    killSwitch.killSwitchEnabled || deniedTools.length > 0
      ? {
          name: 'execution.gate.denied',
          status: 'blocked',
          payload: { deniedTools, killSwitchReason: null, killSwitchSource: null, ...killSwitch },
        }
      : { name: 'execution.gate.allowed', status: 'ok', payload: { allowedTools, role: person.role } },
  );

  const tool = /^use (\w+)$/.exec(data.message ?? '')?.[1];
  await trace({ name: 'llm.response.received', status: 'ok', payload: { toolCallCount: tool === undefined ? 0 : 1 } });
  let action: object | null = null;
  let reason: string | undefined;
  if (tool !== undefined) {
    reason = killSwitch.killSwitchEnabled ? killSwitch.killSwitchReason : refusalOf(tool, allowedTools);
    const payload = { toolName: tool, role: person.role };
    if (reason !== undefined) {
      await trace({ name: 'tool.execution.blocked', status: 'blocked', payload: { ...payload, reason } });
    } else {
      const effect = effectOf(tool, application);
      if (effect === 'suggestion') await trace({ name: 'tool.execution.suggestion_only', status: 'ok', payload });
      if (effect === 'action') {
        await trace({ name: 'tool.execution.allowed', status: 'ok', payload });
        action = { type: tool, data: {} };
      }
    }
  }
  await trace({ name: 'response.sent', status: 'ok', payload: { cacheHit: false, hasAction: action !== null } });
  const response = reason === undefined ? 'Here you are.' : `Nothing was done: ${reason}.`;
  const effects = [`agent ${action === null ? 'answered' : 'acted'}`];
  return { status: 200, headers, body: { response, action }, effects };
}

const insertTrace = `insert into agent_execution_traces
  (request_id, correlation_id, user_id, organization_id, step_name, step_index, status, payload)
  values ($1, $1, $2, $3, $4, $5, $6, $7)`;

/** Work of the ledger: no step of the gate, and no action; the switch refuses it without a trace. */
async function answerLedger(disabled: boolean, trace: (step: Step) => Promise<void>): Promise<ServiceReply> {
  if (disabled) return { status: 409, body: { code: 'runtime_mode_not_advisory' } };
  await trace({ name: 'request.received', status: 'ok', payload: { outcome: 'ledger_scope_verified' } });
  await trace({ name: 'llm.attempt.snapshot', status: 'ok', payload: { outcome: 'provider_pending' } });
  await trace({ name: 'response.sent', status: 'ok', payload: { outcome: 'candidate_evidence' } });
  return { status: 200, body: { response: 'A candidate for review.' }, effects: ['agent answered'] };
}

/** The role and the organisation of a user. */
async function personOf({ superuser }: Database, id: string) {
  const { rows } = await superuser.query<{ role: string; organization: string | null }>(
    'select role, organization_id as organization from public.profiles where id::text = $1',
    [id],
  );
  return rows[0] ?? { role: 'client', organization: null };
}
