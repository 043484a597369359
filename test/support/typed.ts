import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is typed once the text stands on the terminal. */
export type Dialogue = readonly (readonly [shown: RegExp, typed: string])[];

/** Builds the program that gives a command a terminal of its own; yields its path, in a folder of its own. */
export function buildTerminal(): string {
  const program = join(mkdtempSync(join(tmpdir(), 'pty-')), 'pty');
  execFileSync('go', ['build', '-o', program, join(process.cwd(), 'test/support/pty/main.go')], {
    env: { ...process.env, GO111MODULE: 'off', CGO_ENABLED: '0' },
  });
  return program;
}

/** Runs a command on a real terminal; what is to be typed is typed when the text before it stands there. */
export async function typed(
  terminal: string,
  command: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  dialogue: Dialogue,
): Promise<{ readonly code: number | null; readonly output: string; readonly asked: number }> {
  const child = spawn(terminal, command, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  let asked = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const [shown, answer] = dialogue[asked] ?? [];
    if (shown?.test(output) !== true || answer === undefined) return;
    asked += 1;
    child.stdin.write(answer);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output, asked };
}
