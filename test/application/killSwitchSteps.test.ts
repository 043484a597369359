import { describe, expect, it } from '@jest/globals';
import { meaningOf, type Source, type TraceStep } from '../../commands/killSwitch/traces.ts';
import { judge } from '../../commands/killSwitch/verify.ts';

const denied = 'execution.gate.denied';

/** Every step that the application's agents trace, and what it proves for a level: the row (db), the secret (env). */
const steps: readonly (readonly [step: string, payload: object, db: string, env: string])[] = [
  [denied, { killSwitchEnabled: true, killSwitchSource: 'db' }, 'denied', 'silent'],
  [denied, { killSwitchEnabled: true, killSwitchSource: 'env' }, 'silent', 'denied'],
  [denied, { killSwitchEnabled: true, killSwitchSource: null }, 'silent', 'silent'],
  [denied, { killSwitchEnabled: true }, 'silent', 'silent'],
  [denied, { killSwitchEnabled: 'true', killSwitchSource: 'db' }, 'silent', 'silent'],
  [denied, { killSwitchEnabled: false, deniedTools: ['bulk_schedule'] }, 'acted', 'acted'],
  [denied, {}, 'silent', 'silent'],
  ['execution.gate.allowed', { allowedTools: [] }, 'acted', 'acted'],
  ['tool.execution.allowed', { toolName: 'schedule_session' }, 'acted', 'acted'],
  ['tool.execution.suggestion_only', { toolName: 'suggest_optimal_times' }, 'acted', 'acted'],
  ['tool.execution.blocked', { reason: 'tool_not_permitted' }, 'silent', 'silent'],
  ['tool.execution.blocked', { reason: 'actions_disabled' }, 'silent', 'silent'],
  ['tool.args.parse_failed', {}, 'silent', 'silent'],
  ['response.sent', { hasAction: true }, 'acted', 'acted'],
  ['response.sent', { hasAction: false }, 'silent', 'silent'],
  ['response.sent', { outcome: 'candidate_evidence' }, 'silent', 'silent'],
  ['request.received', {}, 'silent', 'silent'],
  ['prompt_tool.version.loaded', { found: true }, 'silent', 'silent'],
  ['llm.response.received', { toolCallCount: 1 }, 'silent', 'silent'],
  ['llm.attempt.snapshot', { guardrailResult: 'allowed' }, 'silent', 'silent'],
  ['cache.key.generated', {}, 'silent', 'silent'],
  ['cache.hit', {}, 'silent', 'silent'],
  ['processing.error', {}, 'silent', 'silent'],
];

const traced = (step: string, payload: object): TraceStep => ({
  step,
  payload: { ...payload },
  requestId: 'r1',
  at: '2026-01-31T22:00:00Z',
});
const refusal = (source: Source) => traced(denied, { killSwitchEnabled: true, killSwitchSource: source });

describe('what a step proves', () => {
  it.each(steps)('%s %j: for the row %s, for the secret %s', (step, payload, db, env) => {
    expect(judge([traced(step, payload)], 'db').verdict).toBe(db);
    expect(judge([traced(step, payload)], 'env').verdict).toBe(env);
  });

  it.each(steps.filter(([, , db]) => db === 'acted'))(
    '%s %j disproves beside refusals, and is named',
    (step, payload) => {
      for (const source of ['db', 'env'] as const) {
        const found = judge([refusal(source), traced(step, payload), refusal(source)], source);
        expect(found).toMatchObject({ verdict: 'acted', denied: 2, ran: [{ step, requestId: 'r1' }] });
      }
    },
  );

  it.each(['db', 'env'] as const)('silence proves nothing for %s, and the other level’s refusals neither', (source) => {
    expect(judge([], source).verdict).toBe('silent');
    const other = judge([refusal(source === 'db' ? 'env' : 'db')], source);
    expect(other).toMatchObject({ verdict: 'silent', denied: 0, deniedOtherwise: 1 });
  });

  it('says nothing for a step that it does not know', () => {
    expect(meaningOf({ step: 'execution.something.new', payload: { killSwitchEnabled: true } })).toEqual({
      kind: 'nothing',
    });
  });
});
