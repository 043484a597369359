import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@1password/sdk';
import { createOnePassword, type OnePassword, serviceAccountToken } from '../../sandbox/standIns/onepassword/index.ts';
import { Faults } from '../../sandbox/server/faults.ts';
import { type LogEntry, serve } from '../../sandbox/server/serve.ts';

/** 1Password's stand-in in this process, in a folder of its own. */
export interface TestServer {
  readonly service: OnePassword;
  readonly faults: Faults;
  readonly log: LogEntry[];
  readonly stateDir: string;
  readonly port: number;
  readonly token: string;
  signIn(token?: string): Promise<Client>;
  close(): Promise<void>;
}

export async function startOnePassword(stateDir = mkdtempSync(join(tmpdir(), 'onepassword-'))): Promise<TestServer> {
  const service = createOnePassword({ stateDir });
  const faults = new Faults();
  const log: LogEntry[] = [];
  const listening = await serve(service, { faults, log: (entry) => log.push(entry) });
  const token = serviceAccountToken(stateDir, listening.port);
  return {
    service,
    faults,
    log,
    stateDir,
    port: listening.port,
    token,
    signIn: (auth = token) => createClient({ auth, integrationName: 'tests', integrationVersion: 'v1' }),
    close: async () => {
      await listening.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** A service-account token with some of its content replaced. */
export function changedToken(token: string, changes: Record<string, unknown>): string {
  const content = JSON.parse(Buffer.from(token.slice(4), 'base64url').toString()) as Record<string, unknown>;
  return `ops_${Buffer.from(JSON.stringify({ ...content, ...changes })).toString('base64url')}`;
}
