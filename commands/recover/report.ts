import type { StateBackend } from '../../engine/stateBackend.ts';
import type { LeftProvider } from '../../engine/leftProviders.ts';
import type { LeftEngine } from '../../engine/leftEngines.ts';
import { engineLines, providerLines } from './providers.ts';
import type { StackLock } from './locks.ts';
import type { RecoveryPlan } from '../../recovery/pending.ts';

/** Everything that recovery found and means to do. */
export interface Findings {
  readonly backend: StateBackend;
  readonly stack: string;
  readonly locks: readonly StackLock[];
  /** Engines that go on although the command that ran them was killed. */
  readonly engines: readonly LeftEngine[];
  /** Providers of the killed run that still work. */
  readonly providers: readonly LeftProvider[];
  /** Files beside the state's that a kill has cut short. */
  readonly broken: readonly string[];
  /** What was under way; `undefined` while the state cannot be read. */
  readonly plan: RecoveryPlan | undefined;
}

/** The findings for a script. */
export function asJson({ backend, locks, engines, providers, broken, plan }: Findings): string {
  const shown = locks.map((lock) => ({ ...lock, content: undefined }));
  return `${JSON.stringify({ backend, locks: shown, engines, providers, broken, pending: plan?.decisions }, undefined, 2)}\n`;
}

/** The findings for a person. */
export function asText({ backend, stack, locks, engines, providers, broken, plan }: Findings): string {
  const lines = [
    ...engineLines(engines),
    ...locks.map((lock) => lockLine(lock, `pulumi cancel --stack ${stack}`)),
    ...providerLines(providers),
    ...broken.map((file) => `  mend        ${file} was cut short by a kill; what was under way is read after that`),
    ...(plan?.decisions ?? []).map(
      ({ action, name, interrupted, note }) =>
        `  ${action.padEnd(11)} ${name.padEnd(40)} interrupted while ${interrupted}: ${note}`,
    ),
  ];
  const isCloud = backend.kind === 'cloud';
  if (lines.length === 0) {
    lines.push(`  Nothing to recover: no ${isCloud ? '' : 'lock, and no '}operation that was interrupted.`);
  }
  if (isCloud) {
    lines.push(
      `  The state is in ${backend.url}: its locks cannot be judged from here. If Pulumi says that the stack is locked,`,
      `  make sure that nobody updates it, then: pulumi cancel --stack ${stack}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function lockLine({ owner, pid, host, user, since, file }: StackLock, cancel: string): string {
  const who = `${user ?? 'somebody'}@${host ?? 'somewhere'} (process ${pid ?? 'unknown'}) since ${since ?? 'an unknown time'}`;
  switch (owner) {
    case 'dead':
      return pid === undefined
        ? `  unlock      ${file} was cut short by a kill`
        : `  unlock      held by ${who}, which is dead`;
    case 'running':
      return (
        `  Refused: the stack is locked by ${who}, and that process runs. Wait for it, or stop it (Ctrl-C), then run this again.\n` +
        '  If it is not Pulumi but a later process with the same number (look: ps -p ' +
        `${pid ?? 'PID'}), make sure that nobody updates the stack, then: ${cancel}`
      );
    case 'elsewhere':
      return (
        `  Refused: the stack is locked by ${who}, on another machine. Run this there; or, when that machine is gone for good\n` +
        `  and nobody updates the stack, a person may decide: ${cancel}`
      );
    case 'unknown':
      return `  Refused: ${file} does not say who holds the stack. Make sure that nobody updates it, then: ${cancel}`;
  }
}
