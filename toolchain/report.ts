import { writeAsItIs } from '../machine/output.ts';
import type { Paint } from '../machine/paint.ts';
import { printable } from '../machine/printable.ts';
import type { Report, Toolchain } from './toolchain.ts';
import { columns } from '../machine/columns.ts';

/** The terminal, or whatever stands in for it. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Without a terminal a running step says this often that it is still running. */
const QUIET_SECONDS = 30;

/** Shows events: one line that is rewritten on a terminal, now and then a plain line elsewhere. */
export function progressReport(output: Output): Report {
  const live = output.isTTY === true;
  let open = false;
  let lastSaid = 0;
  const close = (): void => {
    if (open) writeAsItIs(output, '\r\u001b[K');
    open = false;
  };
  return (event) => {
    if (event.kind !== 'progress') {
      close();
      lastSaid = 0;
      output.write(`${event.text}\n`);
      return;
    }
    const line = `  ${clock(event.seconds)}  ${event.text}`;
    if (live) {
      writeAsItIs(output, `\r\u001b[K${printable(line).slice(0, (output.columns ?? 80) - 1)}`);
      open = true;
    } else if (event.seconds - lastSaid >= QUIET_SECONDS) {
      lastSaid = event.seconds;
      output.write(`${line}\n`);
    }
  };
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** One line a part: what was chosen, and why. */
export function describeToolchain(toolchain: Toolchain, paint: Paint): string {
  return columns(
    toolchain.parts.map(({ name, version, origin, why }) => [paint('bold', `${name} ${version}`), origin, why]),
  ).join('\n');
}
