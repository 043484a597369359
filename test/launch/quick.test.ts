import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const node = join(process.cwd(), 'node_modules', '.bin', 'node');

/** What a script prints as JSON, with or without launch/quick.cjs before it. */
function run(script: string, { quick = true, env = {} }: { quick?: boolean; env?: Record<string, string> } = {}) {
  const preload = quick ? ['--require', './launch/quick.cjs'] : [];
  const { PATH, HOME } = process.env;
  const output = execFileSync(node, ['--no-warnings', ...preload, '--eval', script], {
    env: { PATH, HOME, ...env },
    encoding: 'utf8',
  });
  return JSON.parse(output) as unknown;
}

/** The names of what was loaded, of those that are put off. */
const heavy = `Object.keys(require.cache).filter((file) => require.cache[file].children.length > 0)
  .map((file) => /arborist|typescript\\.js|automation|sdk-trace|v8Hooks|serializeClosure|codePaths/.exec(file)?.[0])
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

  it('puts nothing off when the run is traced', () => {
    const env = { TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    expect(run(`${likeTheEngine} console.log(JSON.stringify(${heavy}))`, { env })).not.toEqual([]);
  });

  it('stands in with the very names that each module exports', () => {
    const names = `
      const sdk = require('node:module').createRequire(require.resolve('@pulumi/pulumi/package.json'));
      const names = ['./automation', './cmd/run/tracing', './runtime/closure/serializeClosure',
        './runtime/closure/codePaths', './runtime/closure/v8Hooks'].map((name) => [name, Object.keys(sdk(name)).filter((key) => key !== '__esModule').sort()]);
      console.log(JSON.stringify(names));`;
    expect(run(names)).toEqual(run(names, { quick: false }));
  });

  it('loads the real module when it is used after all', () => {
    const script = `
      const pulumi = require('@pulumi/pulumi');
      pulumi.runtime.serializeFunction(() => 1).then(({ text }) => console.log(JSON.stringify(
        [text.includes('exports.handler'), typeof pulumi.automation.LocalWorkspace.create, 'LocalWorkspace' in pulumi.automation])));`;
    expect(run(script)).toEqual([true, 'function', true]);
    expect(run(script, { quick: false })).toEqual([true, 'function', true]);
  });

  it('hands out spans that record nothing, as the SDK does without a tracer', () => {
    const script = `
      const span = require('node:module').createRequire(require.resolve('@pulumi/pulumi/package.json'))('./cmd/run/tracing').newSpan('x');
      span.setAttribute('a', 1); span.addEvent('b'); span.end();
      console.log(JSON.stringify(span.isRecording()));`;
    expect(run(script)).toBe(false);
    expect(run(script, { quick: false })).toBe(false);
  });

  it('tracks promises without the text of their stack, and leaves every other error its own', () => {
    const script = `
      require('@pulumi/pulumi');
      const { debuggablePromise } = require('@pulumi/pulumi/runtime/debuggable');
      const promise = Promise.resolve();
      debuggablePromise(promise, 'x');
      console.log(JSON.stringify([promise._debugStackTrace.includes(' at '), new Error('y').stack.includes(' at ')]));`;
    expect(run(script)).toEqual([false, true]);
    expect(run(script, { quick: false })).toEqual([true, true]);
  });
});
