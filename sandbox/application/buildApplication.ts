import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { projectRoot } from '../../settings/stack/projectRoot.ts';

/** The application as a deploy of it is made of: files by path, functions as Netlify's command line packs them. */
export interface BuiltApplication {
  readonly files: Readonly<Record<string, Buffer>>;
  readonly functions: Readonly<Record<string, Buffer>>;
}

const undefinedInBundles = ['VITE_SUPABASE_URL', 'VITE_SUPABASE_ANON_KEY', 'VITE_SUPABASE_EDGE_URL'];

/**
 * Builds a laid application quickly, in this process, without its packages installed: one script for each lazily loaded
 * page, as Vite makes them. The pipeline's own runs use the application's real build instead.
 */
export async function buildApplication(folder: string): Promise<BuiltApplication> {
  const [pages, functions] = await Promise.all([buildPages(folder), buildFunctions(folder)]);
  return { files: { ...pages, '/netlify.toml': readFileSync(join(folder, 'netlify.toml')) }, functions };
}

/** The same, but no page of it ever comes up. */
export function brokenBuild(built: BuiltApplication): BuiltApplication {
  const scripts = Object.keys(built.files).filter((path) => path.startsWith('/assets/index-'));
  const broken = Buffer.from("throw new Error('broken on purpose');");
  return { ...built, files: { ...built.files, ...Object.fromEntries(scripts.map((path) => [path, broken])) } };
}

async function buildPages(folder: string): Promise<Record<string, Buffer>> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: { index: 'src/main.ts' },
    outdir: join(folder, 'dist', 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    nodePaths: [join(projectRoot(), 'node_modules')],
    define: Object.fromEntries(undefinedInBundles.map((name) => [`import.meta.env.${name}`, 'undefined'])),
    write: false,
    logLevel: 'silent',
  });
  const scripts = Object.fromEntries(
    outputFiles.map(({ path, contents }) => [`/assets/${path.split('/').at(-1) ?? ''}`, Buffer.from(contents)]),
  );
  const entry = Object.keys(scripts).find((path) => path.startsWith('/assets/index-')) ?? '';
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
    .replace('/src/main.ts', entry)
    .replaceAll('%VITE_SUPABASE_URL%', 'undefined'); // as Vite leaves it
  return { ...scripts, '/index.html': Buffer.from(page) };
}

async function buildFunctions(folder: string): Promise<Record<string, Buffer>> {
  const names = readdirSync(join(folder, 'netlify', 'functions')).map((file) => file.replace(/\.ts$/, ''));
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: Object.fromEntries(names.map((name) => [name, join('netlify', 'functions', `${name}.ts`)])),
    outdir: join(folder, 'dist', 'functions'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => {
      const name = (path.split('/').at(-1) ?? '').replace(/\.js$/, '');
      return [name, Buffer.from(zipSync({ [`${name}.js`]: strToU8(text) }, { mtime: '1980-01-01' }))];
    }),
  );
}
