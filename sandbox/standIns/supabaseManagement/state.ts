import type { BranchResponse } from 'supabase-management-js';
import type { ServiceReply } from '../../server/service.ts';
import type { KeptKey, KeptSecret } from './kept.ts';

/** A branch, and how it comes up. */
export interface Branch {
  shown: BranchResponse;
  /** How often its state was read: it comes up with the third time. */
  looks: number;
}

/** The stand-in's whole state. */
export interface State {
  readonly token: string;
  branches: Branch[];
  /** The references of the projects that the token reaches. */
  projects: readonly string[];
  status: 'ACTIVE_HEALTHY' | 'RESTORING' | 'INACTIVE' | 'RESTORE_FAILED';
  /** How a restore ends. */
  restoreEnds?: 'ACTIVE_HEALTHY' | 'RESTORE_FAILED';
  restoredTo: number[];
  looks: number;
  pitr: boolean;
  /** The Edge Functions' secrets; none when absent. */
  secrets?: Readonly<Record<string, KeptSecret>>;
  /** Those of the other projects, by reference. */
  otherSecrets?: Readonly<Record<string, Readonly<Record<string, KeptSecret>>>>;
  /** The project's API keys beside those of the sandbox's database; none when absent. */
  apiKeys?: readonly KeptKey[];
  /** The two legacy keys of the project, once they were seen; they are enabled unless it says otherwise. */
  legacyKeys?: { readonly anon: string; readonly service_role: string };
  legacyDisabled?: boolean;
  /** What signed the legacy keys was revoked, as a person does in the dashboard. */
  legacyRevoked?: boolean;
  /** How new branches end. */
  outcome: 'MIGRATIONS_PASSED' | 'MIGRATIONS_FAILED' | 'never' | 'paused';
}

/** An error as the Management API words it. */
export function refusal(status: number, message: string): ServiceReply {
  return { status, body: { message } };
}
