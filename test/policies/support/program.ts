import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What the engine and the shell give a policy pack's process about the program. */
const names = [
  'PULUMI_NODEJS_PROJECT',
  'PULUMI_NODEJS_STACK',
  'PULUMI_CONFIG',
  'PWD',
  'PULUMI_OPTION_CONFIG_FILE',
] as const;

/** A program's folder outside every repository, with this process set up as if the engine ran it. `leave` undoes it. */
export function enterProgram(
  config: Record<string, unknown> = {},
  files: Record<string, string> = {},
): { readonly folder: string; leave: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'policies-'));
  const all = { 'Pulumi.yaml': 'name: app\nruntime: nodejs\n', ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  const text = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  Object.assign(process.env, {
    PULUMI_NODEJS_PROJECT: 'app',
    PULUMI_NODEJS_STACK: 'staging',
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(text)),
    PWD: folder,
  });
  delete process.env.PULUMI_OPTION_CONFIG_FILE;
  return {
    folder,
    leave() {
      for (const name of names) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
