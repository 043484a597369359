import { z } from 'zod';
import { ask, jsonOf } from '../services/door/ask.ts';
import type { Incoming } from '../services/door/door.ts';
import { TransientError } from '../services/door/retry.ts';

/** What a deployed site says of itself, as far as operations ask. */
export interface RuntimeConfig {
  readonly runtimeEnv: string | undefined;
  readonly agentActionsDisabled: boolean | undefined;
}

/**
 * Where the site of this address answers. `STAGING_SITES_URL` in the environment stands for all hosts of sites, each below
 * it by its name: the sandbox's deploys have public addresses, which must not be called from there.
 */
function siteAddress(url: string, { STAGING_SITES_URL: sites }: NodeJS.ProcessEnv): string {
  const address = sites && URL.canParse(url) ? `${sites}/${new URL(url).host}` : url;
  return address.replace(/\/+$/, '');
}

/** A member of another type is as good as none. */
const runtimeConfig = z.object({
  runtimeEnv: z.string().optional().catch(undefined),
  agentActionsDisabled: z.boolean().optional().catch(undefined),
});

/** Reads `/api/runtime-config`; tries again for `timeoutMs`, for a deploy may answer a moment after it is ready. */
export async function readRuntimeConfig(url: string, timeoutMs: number): Promise<RuntimeConfig> {
  const address = `${siteAddress(url, process.env)}/api/runtime-config`;
  const request = { url: address, timeoutMs: Math.min(timeoutMs, 10_000), follow: true };
  const steady = { attempts: Infinity, pauseMs: 1000, longestPauseMs: 1000, comesUp: true, totalMs: timeoutMs };
  return ask(request, steady, (answer) => parse(url, answer)).catch((error: unknown) => {
    if (!(error instanceof TransientError)) throw error;
    throw new Error(`${url}/api/runtime-config: ${error.message}.`, { cause: error });
  });
}

function parse(url: string, answer: Incoming): RuntimeConfig {
  const { status } = answer;
  // A deploy that is not there yet.
  if (status === 404) throw new TransientError(`status ${status}`, undefined, { answer });
  if (status !== 200) throw new Error(`${url}/api/runtime-config answers ${status}.`);
  const { success, data } = runtimeConfig.safeParse(jsonOf(answer));
  if (!success) throw new TransientError('the answer is no object', undefined, { answer });
  const { runtimeEnv, agentActionsDisabled } = data;
  return { runtimeEnv, agentActionsDisabled };
}
