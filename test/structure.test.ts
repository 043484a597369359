import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { parseSync } from 'oxc-parser';

/** What Git has or would take of this project, without what a generator writes and the application's twins. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => existsSync(file) && file !== '' && !/^(?:sdks|sandbox\/app|sandbox\/app-newest)\//.test(file));

/** The project's own files that a file imports, types included. */
function importsOf(file: string): string[] {
  const { module } = parseSync(file, readFileSync(file, 'utf8'));
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
  ]
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => join(dirname(file), specifier));
}

/** The groups of files that reach each other by imports (Tarjan's algorithm). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const own = index.size;
    index.set(file, own);
    path.push(file);
    let least = own;
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) least = Math.min(least, visit(next));
      else if (path.includes(next)) least = Math.min(least, low.get(next) ?? index.get(next) ?? own);
      low.set(file, least);
    }
    low.set(file, least);
    if (least === own) {
      const circle = path.splice(path.indexOf(file));
      if (circle.length > 1) found.push(circle.sort());
    }
    return least;
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found;
}

describe('the structure', () => {
  it('finds a circle', () => {
    const graph = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', []],
    ]);
    expect(circles(graph)).toEqual([['a', 'b', 'c']]);
  });

  it('has no file that reaches itself by imports', () => {
    const code = files.filter((file) => file.endsWith('.ts'));
    expect(circles(new Map(code.map((file) => [file, importsOf(file)])))).toEqual([]);
  });

  /** The root and its mirror hold what package.json and the design want there; decisions are a list that grows. */
  const growing = ['.', 'test', 'docs/decisions'];

  it('has no folder of more than 20 entries, but for the root, its mirror and the list of decisions', () => {
    const entries = new Map<string, Set<string>>();
    for (const file of files) {
      for (let path = file; path !== '.'; path = dirname(path)) {
        const folder = dirname(path);
        entries.set(folder, (entries.get(folder) ?? new Set()).add(path));
      }
    }
    const large = [...entries].filter(([folder, { size }]) => size > 20 && !growing.includes(folder));
    expect(large.map(([folder, { size }]) => `${folder}: ${size}`)).toEqual([]);
  });
});
