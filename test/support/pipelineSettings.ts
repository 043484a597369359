import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Named = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What docs/pipeline.md tells a team to add to its values: by name, for one that is there already the further place alone. */
export function pipelineSettings(): Named {
  const [, block = ''] = /```yaml\n(config:\n[\s\S]+?)```/.exec(readFileSync('docs/pipeline.md', 'utf8')) ?? [];
  const { config } = parse(block) as { config: Record<string, Named> };
  return config['allincompassing:values'] ?? {};
}
