import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxPaths } from '../../../sandbox/process/paths.ts';
import type { Project } from '../project.ts';

/** Keeps what the services and the stack hold now, and yields a function that puts it back. */
export function takeSnapshot({ root, sandbox }: Project): () => void {
  const { services, pulumiState } = sandboxPaths(sandbox.dir);
  const kept = join(sandbox.dir, 'snapshot');
  const pairs = [
    [services, join(kept, 'services')],
    [pulumiState, join(kept, 'state')],
    [join(root, 'Pulumi.staging.yaml'), join(kept, 'Pulumi.staging.yaml')],
  ] as const;
  for (const [from, to] of pairs) cpSync(from, to, { recursive: true });
  return () => {
    for (const [from, to] of pairs) {
      rmSync(from, { recursive: true, force: true });
      cpSync(to, from, { recursive: true });
    }
    // These hold their state in memory, too.
    const { netlify, supabaseManagement } = sandbox.standIns();
    for (const { name, store } of [netlify, supabaseManagement]) {
      const stored = JSON.parse(readFileSync(join(services, `${name}.json`), 'utf8')) as object;
      store.update((state) => void Object.assign(state, stored));
    }
  };
}
