import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const node = join(process.cwd(), 'node_modules', '.bin', 'node');

/** What a script prints as JSON, with or without launch/speed/program.cjs before it. */
function run(script: string, { quick = true } = {}) {
  const preload = quick ? ['--require', './launch/speed/program.cjs'] : [];
  const { PATH, HOME } = process.env;
  const output = execFileSync(node, ['--no-warnings', ...preload, '--eval', script], {
    env: { PATH, HOME },
    encoding: 'utf8',
  });
  return JSON.parse(output) as unknown;
}

/** The names of what was loaded, of those that are put off. */
const heavy = `Object.keys(require.cache).filter((file) => require.cache[file].children.length > 0)
  .map((file) => /arborist|typescript\\.js|serializeClosure|codePaths/.exec(file)?.[0])
  .filter(Boolean)`;

/** What cmd/run loads besides the SDK itself. */
const likeTheEngine = `
  for (const name of ['source-map-support/register', './cmd/run/tracing', './runtime/closure/v8Hooks', './runtime/stack'])
    require('node:module').createRequire(require.resolve('@pulumi/pulumi/package.json'))(name);
  const pulumi = require('@pulumi/pulumi');`;

describe('the preload of the program', () => {
  it('keeps the SDK from loading what the program never uses', () => {
    expect(run(`${likeTheEngine} console.log(JSON.stringify(${heavy}))`)).toEqual([]);
    expect(run(`${likeTheEngine} console.log(JSON.stringify(${heavy}))`, { quick: false })).not.toEqual([]);
  });

  it('stands in with the very names that each module exports', () => {
    const names = `
      const sdk = require('node:module').createRequire(require.resolve('@pulumi/pulumi/package.json'));
      const names = ['./runtime/closure/serializeClosure', './runtime/closure/codePaths'].map((name) => [name, Object.keys(sdk(name)).filter((key) => key !== '__esModule').sort()]);
      console.log(JSON.stringify(names));`;
    expect(run(names)).toEqual(run(names, { quick: false }));
  });

  it('loads the real module when it is used after all', () => {
    const script = `
      const pulumi = require('@pulumi/pulumi');
      pulumi.runtime.serializeFunction(() => 1).then(({ text }) => console.log(JSON.stringify(
        text.includes('exports.handler'))));`;
    expect(run(script)).toBe(true);
    expect(run(script, { quick: false })).toBe(true);
  });
});
