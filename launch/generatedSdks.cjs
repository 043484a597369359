// Compiles the generated SDKs where npm has not: packages that were installed without install scripts lack them.
'use strict';
const { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/**
 * What `@pulumi/netlify` and `@pulumi/supabase` stand for when esbuild bundles below `root`: nothing else where their
 * postinstall scripts have run, else copies in dist/ that are compiled here.
 */
function generatedSdks(root) {
  const names = readdirSync(join(root, 'sdks')).filter((name) => existsSync(join(root, 'sdks', name, 'package.json')));
  const missing = names.filter((name) => !existsSync(join(root, 'sdks', name, 'bin', 'index.js')));
  return Object.fromEntries(missing.map((name) => [`@pulumi/${name}`, compiled(root, name)]));
}

/** The main file of an SDK's compiled copy. By TypeScript itself: the SDK relies on how that fills `exports`. */
function compiled(root, name) {
  const { ModuleKind, ScriptTarget, transpileModule } = typescript();
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  const sources = join(root, 'sdks', name);
  const target = join(root, 'dist', name);
  for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.startsWith('node_modules')) continue;
    const output = join(target, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, transpileModule(readFileSync(join(sources, file), 'utf8'), { compilerOptions }).outputText);
  }
  copyFileSync(join(sources, 'package.json'), join(target, 'package.json'));
  return join(target, 'index.js');
}

/** TypeScript itself, also in a policy pack, which leaves it out (speed/policies.cjs). */
function typescript() {
  const file = require.resolve('typescript');
  const { [file]: standIn } = require.cache;
  delete require.cache[file];
  const real = require(file);
  if (standIn !== undefined) require.cache[file] = standIn;
  return real;
}

module.exports = { generatedSdks };
