import { mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/core';
import sodium from 'libsodium-wrappers';
import { createGitHub, githubTokens, seedGitHub } from '../../../../sandbox/standIns/github/index.ts';
import type { GitHubSeed } from '../../../../sandbox/standIns/github/index.ts';
import { Faults } from '../../../../sandbox/server/faults.ts';
import { serve } from '../../../../sandbox/server/serve.ts';
import type { Exchange, LogEntry } from '../../../../sandbox/server/serve.ts';
import { githubProblems } from '../../../support/documents/githubDocument.ts';

export const owner = 'allincompassing';
export const repo = 'allincompassing';

/** A stand-in on a free port with a seeded repository, and GitHub's own client for it. */
export interface World {
  readonly stateDir: string;
  readonly url: string;
  readonly faults: Faults;
  readonly log: LogEntry[];
  readonly exchanges: Exchange[];
  readonly octokit: Octokit;
  /** A client with the token that may only read. */
  readonly reader: Octokit;
  /** A client with GitHub Actions' own token. */
  readonly actions: Octokit;
  /** What the vendor's description has against any exchange so far. */
  violations(): string[];
  close(): Promise<void>;
}

/** Starts the stand-in. */
export async function startWorld(seed: GitHubSeed = {}): Promise<World> {
  const stateDir = mkdtempSync(join(tmpdir(), 'github-'));
  seedGitHub(stateDir, seed);
  const log: LogEntry[] = [];
  const exchanges: Exchange[] = [];
  const faults = new Faults();
  const listening = await serve(createGitHub({ stateDir }), {
    faults,
    log: (entry) => log.push(entry),
    observe: (exchange) => exchanges.push(exchange),
  });
  const url = listening.url;
  const client = (auth: string) => new Octokit({ auth, baseUrl: `${url}/api/v3` });
  const tokens = githubTokens(stateDir);
  return {
    stateDir,
    url,
    faults,
    log,
    exchanges,
    octokit: client(tokens.write),
    reader: client(tokens.read),
    actions: client(tokens.actions),
    violations: () => exchanges.flatMap(githubProblems),
    close: async () => {
      await listening.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** A value that no other test has, so that finding it somewhere means that it leaked there. */
export function madeUpValue(): string {
  return `made-up ${randomUUID()}`;
}

/** Seals as GitHub's documentation tells clients to. */
export async function seal(value: string, publicKey: string): Promise<string> {
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(Buffer.from(value), Buffer.from(publicKey, 'base64'));
  return Buffer.from(sealed).toString('base64');
}

/** The status that a call fails with, and GitHub's message. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await call;
  } catch (error) {
    const { status, message } = error as { status: number; message: string };
    return { status, message: message.replace(/ - https:.*$/s, '') };
  }
  throw new Error('the call was expected to fail, and succeeded');
}
