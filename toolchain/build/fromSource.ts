import { cpSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { sourceHash } from '../cache/cacheFolder.ts';
import { PROGRAMS, type Program } from './goBuild.ts';
import { Layout } from '../cache/layout.ts';
import type { Settling } from '../settling.ts';
import { isContent, Store } from '../cache/store.ts';
import { VERSIONS, type PartName } from '../versions.ts';

const PROGRAMS_OF: Readonly<Record<PartName, readonly Program[]>> = {
  pulumi: [PROGRAMS.cli, PROGRAMS.languageHost],
  'terraform-provider': [PROGRAMS.bridge],
  github: [PROGRAMS.github],
  netlify: [PROGRAMS.netlify],
  supabase: [PROGRAMS.supabase],
};

/**
 * Returns the folder with the programs of these parts, built now or before. `beside` are the programs of parts that are
 * there already: each is copied, with what stands beside it, to where the engine finds it.
 */
export async function buildFromSource(
  settling: Settling,
  parts: readonly PartName[],
  beside: ReadonlyMap<PartName, string>,
): Promise<string> {
  const { cacheFolder, module, means, report, benchmark } = settling;
  const programs = parts.flatMap((part) => PROGRAMS_OF[part]);
  if (benchmark) programs.push(PROGRAMS.terraformGithub);
  const copied = [...beside].map(([part, file]) => `${part} ${file} ${statSync(file).mtimeMs}`);
  const facts = [JSON.stringify(VERSIONS), ...programs.map((program) => program.file), ...copied];
  const key = `source-${sourceHash(module, facts)}`;
  const begin = Date.now();
  const waiting = (pid: number, seconds: number): void =>
    report({ kind: 'progress', text: `another run (process ${pid}) is building the same; waiting for it`, seconds });
  return await new Store(cacheFolder).ensure(key, { waiting }, async (draft) => {
    const layout = new Layout(draft);
    for (const [part, file] of beside)
      cpSync(dirname(file), dirname(layout.path(part)), { recursive: true, filter: isContent });
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
