import { contextOf } from '../../settings/context.ts';
import type { Settings } from '../../settings/settings.ts';
import { netlifyValues } from '../standIns/netlify/index.ts';
import { sandboxPaths } from '../process/paths.ts';
import { heldFunctionSecrets } from '../standIns/supabaseManagement/service.ts';
import type { LogEntry } from '../server/serve.ts';

/**
 * Every stored value that production reads, byte for byte: those outside staging's contexts, and the Edge Function secrets.
 * Compared, never printed.
 */
export function productionValues(dir: string, { netlify: { contexts } }: Settings): string[] {
  const { services } = sandboxPaths(dir);
  const onNetlify = netlifyValues(services)
    .filter((value) => !contexts.includes(contextOf(value)))
    .map((value) => [value.key, contextOf(value), value.value]);
  const inFunctions = heldFunctionSecrets(services).map(({ name, value }) => [name, 'Edge Functions', value]);
  return [...onNetlify, ...inFunctions].map((value) => JSON.stringify(value)).sort();
}

/** What these requests did (`env KEY CONTEXT changed`) to values that production reads. */
export function productionEffects(entries: readonly Pick<LogEntry, 'effects'>[], { netlify }: Settings): string[] {
  return entries
    .flatMap(({ effects }) => effects)
    .filter((effect) => {
      const [kind, , context = ''] = effect.split(' ');
      return kind === 'env' && !(netlify.contexts as readonly string[]).includes(context);
    });
}
