// Bundles one TypeScript entry into dist/ with esbuild, only when one of its inputs changed since the last time.
'use strict';
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const { dirname, join, relative, resolve } = require('node:path');

const { generatedSdks } = require('./generatedSdks.cjs');

const root = resolve(__dirname, '..');

/** Loaded from node_modules at run time: the engine shares @pulumi/pulumi's one instance, the others carry WebAssembly or binaries. */
const external = [
  '@pulumi/pulumi',
  '@pulumi/policy',
  '@1password/sdk',
  'esbuild',
  'jest',
  'oxc-parser',
  'playwright-core',
  'typescript',
  '@electric-sql/pglite',
  '@sparticuz/chromium',
];

/** What distinguishes two versions of a file without reading it. */
function version(file) {
  const { mtimeMs, size } = statSync(join(root, file));
  return `${mtimeMs}:${size}`;
}

/** Whether `stamp` describes the inputs as they are on disk now. */
function fresh(stamp, output) {
  try {
    const inputs = JSON.parse(readFileSync(stamp, 'utf8'));
    statSync(output);
    return Object.entries(inputs).every(([file, was]) => version(file) === was);
  } catch {
    return false; // never built, cut short, or an input is gone: build
  }
}

/** Writes `text` so that a second run at the same time sees the old file or the whole new one. */
function replaceFile(file, text) {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

/**
 * Returns the path of the up-to-date CommonJS bundle of `entry` (relative to the repository's root).
 * Throws esbuild's own error when the source does not compile.
 */
function bundle(entry) {
  const output = join(root, 'dist', entry.replace(/\.ts$/, '.cjs'));
  const stamp = `${output}.inputs.json`;
  if (fresh(stamp, output)) return output;
  const result = require('esbuild').buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external,
    // Its main file loads its parts by a `require` that no bundler follows.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js', ...generatedSdks(root) },
    metafile: true,
    write: false,
    logLevel: 'warning',
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  const inputs = ['launch/bundle.cjs', 'package.json', ...Object.keys(result.metafile.inputs)]
    .map((file) => relative(root, resolve(root, file)))
    .filter((file) => !file.includes('<'));
  mkdirSync(dirname(output), { recursive: true });
  replaceFile(output, result.outputFiles[0].text);
  replaceFile(stamp, JSON.stringify(Object.fromEntries(inputs.map((file) => [file, version(file)]))));
  return output;
}

module.exports = { bundle, root };
