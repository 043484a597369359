import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { childEnvironment } from '../launch/childEnvironment.mjs';
import { sourceHash } from './cacheFolder.ts';
import { PROGRAMS, type Program } from './goBuild.ts';
import { Layout } from './layout.ts';
import type { Settling } from './settle.ts';
import { isContent, Store } from './store.ts';
import { VERSIONS, type PartName } from './versions.ts';

const PROGRAMS_OF: Readonly<Record<PartName, readonly Program[]>> = {
  pulumi: [PROGRAMS.cli, PROGRAMS.languageHost],
  'terraform-provider': [PROGRAMS.bridge],
  github: [PROGRAMS.github],
  netlify: [PROGRAMS.netlify],
};

/**
 * Returns the folder with the programs of these parts, built now or before. `beside` are parts that come from a release,
 * with the folder that each was unpacked into: they are copied to where the engine looks for them.
 */
export async function buildFromSource(
  settling: Settling,
  parts: readonly PartName[],
  beside: ReadonlyMap<PartName, string>,
): Promise<string> {
  const { cacheFolder, module, means, report, benchmark } = settling;
  const programs = parts.flatMap((part) => PROGRAMS_OF[part]);
  if (benchmark) programs.push(PROGRAMS.terraformGithub);
  const facts = [JSON.stringify(VERSIONS), ...programs.map((program) => program.file), ...beside.keys()];
  const key = `source-${sourceHash(module, facts)}`;
  const begin = Date.now();
  const waiting = (pid: number, seconds: number): void =>
    report({ kind: 'progress', text: `another run (process ${pid}) is building the same; waiting for it`, seconds });
  return await new Store(cacheFolder).ensure(key, { waiting }, async (draft) => {
    const layout = new Layout(draft);
    for (const [part, folder] of beside)
      cpSync(folder, dirname(layout.path(part)), { recursive: true, filter: isContent });
    if (programs.length === 0) return;
    await means.build({
      module,
      output: layout.bin + '/',
      programs,
      environment: childEnvironment('go', means.environment),
      report,
    });
    layout.arrange(programs);
    report({
      kind: 'note',
      text: `Built from source in ${Math.round((Date.now() - begin) / 1000)} s, kept in ${join(cacheFolder, key)}`,
    });
  });
}
