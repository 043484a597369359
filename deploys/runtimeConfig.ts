import { setTimeout as sleep } from 'node:timers/promises';
import { fetchWhole, isTransientStatus, TransientError } from '../services/door/retry.ts';

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

/** Reads `/api/runtime-config`; tries again for `timeoutMs`, for a deploy may answer a moment after it is ready. */
export async function readRuntimeConfig(url: string, timeoutMs: number): Promise<RuntimeConfig> {
  const deadline = Date.now() + timeoutMs;
  const address = `${siteAddress(url, process.env)}/api/runtime-config`;
  for (;;) {
    try {
      const answer = await fetchWhole(address, Math.min(timeoutMs, 10_000));
      if (answer.status === 200) return parse(answer.text);
      if (!isTransientStatus(answer.status) && answer.status !== 404) {
        throw new Error(`${url}/api/runtime-config answers ${answer.status}.`);
      }
      throw new TransientError(`status ${answer.status}`);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      if (Date.now() + 1000 >= deadline)
        throw new Error(`${url}/api/runtime-config: ${error.message}.`, { cause: error });
    }
    await sleep(1000);
  }
}

function parse(text: string): RuntimeConfig {
  try {
    const { runtimeEnv, agentActionsDisabled } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return {
      runtimeEnv: typeof runtimeEnv === 'string' ? runtimeEnv : undefined,
      agentActionsDisabled: typeof agentActionsDisabled === 'boolean' ? agentActionsDisabled : undefined,
    };
  } catch (error) {
    throw new TransientError('the answer is not JSON', undefined, { cause: error });
  }
}
