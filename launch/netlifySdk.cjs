// Compiles the generated SDK of Netlify where npm has not: packages that were installed without install scripts lack it.
'use strict';
const { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/**
 * What `@pulumi/netlify` stands for when esbuild bundles below `root`: nothing else where its postinstall script has run, else
 * a copy in dist/ that is compiled here. By TypeScript itself: the SDK relies on how that fills `exports`.
 */
function netlifySdk(root) {
  const sources = join(root, 'sdks', 'netlify');
  if (existsSync(join(sources, 'bin', 'index.js'))) return {};
  const { ModuleKind, ScriptTarget, transpileModule } = require('typescript');
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  const target = join(root, 'dist', 'netlify');
  for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.startsWith('node_modules')) continue;
    const output = join(target, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, transpileModule(readFileSync(join(sources, file), 'utf8'), { compilerOptions }).outputText);
  }
  copyFileSync(join(sources, 'package.json'), join(target, 'package.json'));
  return { '@pulumi/netlify': join(target, 'index.js') };
}

module.exports = { netlifySdk };
