import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Named = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What docs/pipeline.md tells a team to add to its settings: secrets by name. */
export function pipelineSettings(): { readonly secrets: Named } {
  const [, block = ''] = /```yaml\n(config:\n[\s\S]+?)```/.exec(readFileSync('docs/pipeline.md', 'utf8')) ?? [];
  const { config } = parse(block) as { config: Record<string, Record<string, Named>> };
  return {
    secrets: config['allincompassing:github']?.secrets ?? {},
  };
}
