import { createRequire } from 'node:module';
import { join } from 'node:path';

declare global {
  /** Node's own `require`, past jest's modules: see environment.cjs. */
  var nodeRequire: ((file: string) => unknown) | undefined;
}

/** Loads a CommonJS module by Node itself: past jest's modules, and without jest, for a benchmark that uses this support. */
export function loadByNode(file: string): unknown {
  const load = globalThis.nodeRequire ?? createRequire(join(process.cwd(), 'package.json'));
  return load(file);
}
