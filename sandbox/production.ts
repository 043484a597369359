import { contextOf } from '../settings/context.ts';
import type { Settings } from '../settings/settings.ts';
import { netlifyValues } from './netlify/index.ts';
import { sandboxPaths } from './paths.ts';
import type { LogEntry } from './server/serve.ts';

/** Every stored value outside staging's contexts, byte for byte; compared, never printed. */
export function productionValues(dir: string, { netlify: { contexts } }: Settings): string[] {
  return netlifyValues(sandboxPaths(dir).services)
    .filter((value) => !contexts.includes(contextOf(value)))
    .map((value) => JSON.stringify([value.key, contextOf(value), value.value]))
    .sort();
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
