import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { supabase } from '../../../sandbox/process/identity.ts';
import { Faults } from '../../../sandbox/server/faults.ts';
import { serve } from '../../../sandbox/server/serve.ts';
import type { KeptKey, KeptSecret } from '../../../sandbox/standIns/supabaseManagement/kept.ts';
import { functionEnvironment } from '../../../sandbox/standIns/supabaseManagement/secrets.ts';
import { createSupabaseManagement } from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { resolveToolchain } from '../../../toolchain/resolve.ts';
import { modeFromEnvironment, toolchainEnvironment } from '../../../toolchain/toolchain.ts';
import { managementProblems } from '../documents/supabaseDocument.ts';

/** What the program is to declare. */
interface Declared {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly key?: { readonly name: string; readonly description?: string };
}

/** A program with resources of Supabase's provider, and a Management API of its own. */
export interface SupabaseProgram {
  declare(declared: Declared): void;
  /** Runs the engine; throws with what was printed where it fails. */
  pulumi(...args: string[]): Promise<string>;
  /** What was printed by a run that has to fail. */
  fails(...args: string[]): Promise<string>;
  /** The requests to a place since the last time, as `METHOD place body`. */
  asked(place: string): string[];
  /** Changes secrets past the API; undefined removes one. */
  byHand(secrets: Readonly<Record<string, string | undefined>>): void;
  secrets(): Readonly<Record<string, string>>;
  keys(): readonly KeptKey[];
  /** The names of the secrets in the state, sorted. */
  held(): Promise<string[]>;
  /** Everything that the engine printed so far. */
  readonly printed: readonly string[];
  /** What was wrong with requests and answers by Supabase's own document. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

const failure = z.object({ stdout: z.string(), stderr: z.string() });

const exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        type: z.string(),
        outputs: z.looseObject({ secretDigests: z.record(z.string(), z.string()).optional() }).optional(),
      }),
    ),
  }),
});

/** Starts the stand-in and an empty stack `dev` for the program beside this file. */
export async function startSupabaseProgram(): Promise<SupabaseProgram> {
  const toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report: () => undefined });
  const folder = mkdtempSync(join(tmpdir(), 'supabase-program-'));
  const root = join(folder, 'program');
  const management = createSupabaseManagement({ stateDir: join(folder, 'state') });
  const requests: string[] = [];
  const printed: string[] = [];
  const problems: string[] = [];
  const below = `/v1/projects/${supabase.projectRef}/`;
  const listening = await serve(management, {
    faults: new Faults(),
    observe: (exchange) => {
      const { method, path, body } = exchange.request;
      requests.push([method, path.slice(below.length), body.toString()].join(' ').trim());
      problems.push(...managementProblems(exchange));
    },
  });
  mkdirSync(root);
  copyFileSync(join(process.cwd(), 'test', 'support', 'supabaseProgram', 'program.cjs'), join(root, 'program.cjs'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  const dependencies = { '@pulumi/pulumi': '*', '@pulumi/supabase': '*' };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'program', version: '0.0.0', dependencies }));
  const runtime = { name: 'nodejs', options: { typescript: false, packagemanager: 'npm' } };
  writeFileSync(join(root, 'Pulumi.yaml'), JSON.stringify({ name: 'supabase', runtime, main: 'program.cjs' }));

  const run = promisify(execFile);
  const env = {
    ...toolchainEnvironment(toolchain),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: 'of a test',
    SUPABASE_API_ENDPOINT: listening.url,
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
  };
  async function engine(args: readonly string[]): Promise<{ readonly failed: boolean; readonly output: string }> {
    const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 };
    const ended = await run(toolchain.pulumi, [...args, '--non-interactive', '--color=never'], options).then(
      ({ stdout, stderr }) => ({ failed: false, output: stdout + stderr }),
      (error: unknown) => {
        const { stdout, stderr } = failure.parse(error);
        return { failed: true, output: stdout + stderr };
      },
    );
    printed.push(ended.output);
    return ended;
  }
  const pulumi = async (...args: string[]): Promise<string> => {
    const { failed, output } = await engine(args);
    if (failed) throw new Error(`pulumi ${args.join(' ')} failed:\n${output}`);
    return output;
  };
  await pulumi('stack', 'init', 'dev');

  return {
    declare: (declared) =>
      writeFileSync(join(root, 'declared.json'), JSON.stringify({ projectRef: supabase.projectRef, ...declared })),
    pulumi,
    fails: async (...args) => {
      const { failed, output } = await engine(args);
      if (!failed) throw new Error(`pulumi ${args.join(' ')} did not fail:\n${output}`);
      return output;
    },
    asked: (place) => requests.splice(0).filter((request) => request.split(' ')[1] === place),
    byHand: (secrets) =>
      management.store.update((state) => {
        const updatedAt = new Date().toISOString();
        const changed = Object.entries({ ...functionEnvironment(management.store), ...secrets });
        state.secrets = Object.fromEntries(
          changed.flatMap(([name, value]): [string, KeptSecret][] =>
            value === undefined ? [] : [[name, { value, updatedAt }]],
          ),
        );
      }),
    secrets: () => functionEnvironment(management.store),
    keys: () => management.store.state.apiKeys ?? [],
    held: async () => {
      const { stdout } = await run(toolchain.pulumi, ['stack', 'export'], { cwd: root, env });
      const { resources } = exported.parse(JSON.parse(stdout)).deployment;
      const digests = resources.find(({ type }) => type.endsWith(':EdgeFunctionSecrets'))?.outputs?.secretDigests;
      return Object.keys(digests ?? {}).sort();
    },
    printed,
    problems,
    close: async () => {
      await listening.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
