import { digestOf } from '../places/edgeFunction/digest.ts';
import type { LivePlaced } from '../places/service.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** A write of one Edge Function secret that is about to happen. */
export interface PlannedSecret {
  readonly name: string;
  /** `undefined` where this run does not know the value. */
  readonly planned: string | undefined;
  /** What the last update wrote; `undefined` where the stack does not know: after a refresh that saw another digest. */
  readonly previous: string | undefined;
  /** The secret at Supabase; `undefined` when it is not there. */
  readonly live: LivePlaced | undefined;
  /** Other names that the same resource holds: its provider would delete them. */
  readonly others: readonly string[];
}

/**
 * Why an update of a secret changes what production's functions read without anybody having meant it; `undefined` when it
 * does not. Its digest shows what is there, so that an update which writes the same value again is none.
 */
export function productionChange({ name, planned, previous, live }: PlannedSecret, allow: string): string | undefined {
  if (!live || planned === undefined || live.digest === digestOf(planned)) return undefined;
  if (previous === undefined || live.digest !== digestOf(previous)) {
    const when = live.updatedAt === undefined ? '' : ` at ${live.updatedAt}`;
    return (
      `the Edge Function secret ${name} was changed at Supabase${when}, after this stack's last update: its digest is ` +
      `neither the recorded value's nor the vault's. Production's functions read it. Bring the vault up to date first. ` +
      `If this write is meant: ${allow}`
    );
  }
  return `the Edge Function secret ${name} would become another value, and production's functions read it at once. If that is meant: ${allow}`;
}

/** Why a write must never be made. */
export function refusal({ name, planned, others }: PlannedSecret): string | undefined {
  if (planned === '') return `the Edge Function secret ${name} would be empty: nobody has read its value`;
  if (others.length === 0) return undefined;
  return (
    `the resource of the Edge Function secret ${name} also holds ${others.join(', ')} in the state, which its provider would ` +
    `delete for production too. A bare \`pulumi import\` does that: take it out of the state (${forStack('pulumi state delete URN')}), then ${forStack('npm run adopt')}`
  );
}
