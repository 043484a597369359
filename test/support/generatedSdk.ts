import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import { z } from 'zod';
import { resolveToolchain } from '../../toolchain/resolve.ts';
import { modeFromEnvironment, toolchainEnvironment } from '../../toolchain/toolchain.ts';
import { VERSIONS, type BridgedName } from '../../toolchain/versions.ts';

const property = z.looseObject({ secret: z.boolean().optional() });
const schema = z.object({
  parameterization: z.object({ baseProvider: z.object({}).loose(), parameter: z.string() }),
  resources: z.record(
    z.string(),
    z.object({
      properties: z.record(z.string(), property),
      inputProperties: z.record(z.string(), property).default({}),
      requiredInputs: z.array(z.string()).default([]),
      required: z.array(z.string()).default([]),
    }),
  ),
  functions: z.record(z.string(), z.object({})),
  types: z.record(
    z.string(),
    z.object({ properties: z.record(z.string(), property), required: z.array(z.string()).default([]) }),
  ),
  config: z.object({ variables: z.record(z.string(), property) }),
});

/** A provider behind the bridge, as the engine sees it. */
export interface Bridged {
  /** Asserts that the SDK in sdks/ is what the engine generates from this provider, unedited. */
  expectCommitted(): Promise<void>;
  /** The schema that the bridge reports. */
  schema(): Promise<z.infer<typeof schema>>;
  close(): void;
}

/** Starts to look at a provider, in a folder of its own. */
export async function bridged(name: BridgedName): Promise<Bridged> {
  const toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report: () => undefined });
  const folder = mkdtempSync(join(tmpdir(), `${name}-sdk-`));
  const provider = ['terraform-provider', `${name}/${name}`, VERSIONS[name]];
  const committed = join(process.cwd(), 'sdks', name);

  async function pulumi(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(toolchain.pulumi, args, {
      cwd: folder,
      env: { ...toolchainEnvironment(toolchain), PULUMI_BACKEND_URL: `file://${folder}` },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  }

  return {
    async expectCommitted() {
      writeFileSync(join(folder, 'Pulumi.yaml'), 'name: sdk\nruntime: nodejs\n');
      writeFileSync(join(folder, 'package.json'), '{"name":"sdk","version":"0.0.0"}');
      await pulumi('package', 'gen-sdk', '--language', 'nodejs', '--out', 'out', '--local', ...provider);
      const generated = join(folder, 'out', 'nodejs');
      expect(generatedFiles(committed)).toEqual(generatedFiles(generated));
      for (const file of generatedFiles(generated)) {
        expect(`${file}\n${readFileSync(join(committed, file), 'utf8')}`).toBe(
          `${file}\n${readFileSync(join(generated, file), 'utf8')}`,
        );
      }
    },
    schema: async () => schema.parse(JSON.parse(await pulumi('package', 'get-schema', ...provider))),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The files that were generated: what the package manager and the compiler add is not among them. */
function generatedFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => !/^(bin|node_modules)(\/|$)/.test(file) && /\.[a-z]+$|\.git/.test(file))
    .sort();
}

/** The last parts of tokens: `netlify:index/getSite:getSite` is `getSite`. */
export function named(tokens: object): (string | undefined)[] {
  return Object.keys(tokens).map((token) => token.split(':').at(-1));
}
