import { describe, expect, it } from '@jest/globals';
import { readersIn, told } from './application.ts';

describe('the place of a read', () => {
  it('is who runs the module that names the value, through everything that loads it', async () => {
    const { readers } = await readersIn({
      'package.json': '{ "scripts": { "seed": "tsx tools/seed.ts --all" } }',
      'netlify.toml': '[build]\n  functions = "api"\n',
      'index.html': '<script type="module" src="/src/main.tsx"></script>',
      'vite.config.ts':
        "import { loadEnv } from 'vite';\nexport default ({ mode }) => ({ x: loadEnv(mode, '.').BUILT });\n",
      'api/hello.ts': "import { url } from '../src/server/url';\nexport default () => url();\n",
      'src/server/url.ts': 'export const url = () => process.env.SERVER;\n',
      'src/server/dead.ts': 'export const dead = process.env.DEAD;\n',
      'src/main.tsx':
        "const Page = lazy(() => import('./Page'));\nexport const App = () => <p title=\"it's\">{import.meta.env.VITE_A}</p>;\n",
      'src/Page.tsx': 'export const Page = () => <p>{import.meta.env.VITE_B}</p>;\n',
      'src/url.test.ts': "import { url } from './server/url';\nprocess.env.MINE; process.env.SERVER = 'x';\n",
      'supabase/functions/a/index.ts': "import { key } from '../_shared/key.ts';\n",
      'supabase/functions/_shared/key.ts': "export const key = Deno.env.get('KEY');\n",
      'tools/seed.ts': 'process.env.SEED;\n',
      'scripts/check.sh': 'echo "$CHECK"\n',
    });
    expect(told(readers)).toEqual([
      'BUILT build vite.config.ts:2',
      'CHECK script scripts/check.sh:1',
      'DEAD unused src/server/dead.ts:1',
      'KEY edgeFunction supabase/functions/_shared/key.ts:1',
      'MINE test src/url.test.ts:2',
      'SEED script tools/seed.ts:1',
      'SERVER netlifyFunction src/server/url.ts:1',
      'VITE_A build src/main.tsx:2',
      'VITE_B build src/Page.tsx:1',
    ]);
  });

  it('is not the bundle for what Vite puts in the place of the name', async () => {
    const { readers } = await readersIn({
      'index.html': '<script type="module" src="/src/main.ts"></script>',
      'vite.config.ts': "export default { define: { 'import.meta.env.VITE_URL': 'undefined' } };\n",
      'src/main.ts': 'import.meta.env.VITE_URL; import.meta.env.VITE_OTHER;\n',
    });
    expect(told(readers)).toEqual(['VITE_OTHER build src/main.ts:1']);
  });

  it('is the build for what Vite’s settings read to put it there', async () => {
    const { readers } = await readersIn({
      'index.html': '<script type="module" src="/src/main.ts"></script>',
      'vite.config.ts':
        "import { read } from './tools/read';\nexport default { define: { 'process.env.A': read('A'), 'import.meta.env.VITE_B': process.env.VITE_B } };\n",
      'tools/read.ts': 'export const read = (n: string) => process.env[n];\n',
      'src/main.ts': 'process.env.A; import.meta.env.VITE_B;\n',
    });
    expect(told(readers)).toEqual(['A build vite.config.ts:2', 'VITE_B build vite.config.ts:2']);
  });

  it('is a script’s for what a workflow runs in another folder', async () => {
    const { readers } = await readersIn({
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  a:\n    defaults: { run: { working-directory: apps/a } }\n    steps:\n      - run: node src/one.ts\n      - { run: node src/two.ts, working-directory: ./apps/b }\n',
      'apps/a/src/one.ts': 'process.env.A;\n',
      'apps/b/src/two.ts': 'process.env.B;\n',
    });
    expect(told(readers)).toEqual(['A script apps/a/src/one.ts:1', 'B script apps/b/src/two.ts:1']);
  });

  it('goes on after a file that is no code, and leaves out links, binaries, packages and output', async () => {
    const { readers, problems } = await readersIn({
      'package.json': '{}',
      'scripts/broken.ts': 'const = ;\n',
      'scripts/fine.ts': 'process.env.A;\n',
      'scripts/binary.ts': 'process.env.B;\0\n',
      'node_modules/a/index.js': 'process.env.C;\n',
      'dist/a.js': 'process.env.D;\n',
      'packages/one/package.json': '{ "name": "@x/env" }',
      'packages/one/src/index.ts': 'export const get = (n: string) => process.env[n];\n',
      'packages/two/bin/a.ts': "import { get } from '@x/env';\nget('E');\n",
    });
    expect(told(readers)).toEqual(['A script scripts/fine.ts:1', 'E script packages/two/bin/a.ts:2']);
    expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual(['scripts/broken.ts:1']);
  });
});

describe('what hides a missing value', () => {
  const lines = (...code: string[]) =>
    readersIn({ 'scripts/a.ts': code.join('\n') }).then(({ readers }) => told(readers));

  it('is a default, wherever it stands', async () => {
    const helper = 'const get = (name, other?: string) => process.env[name]?.trim() || other;';
    await expect(
      lines(
        helper,
        "get('A');",
        "get('B', 'x');",
        "get('C') ?? 'x';",
        "const { D = 'x' } = process.env;",
        'const e = process.env.E; const f = e || 1;',
        "process.env.F ?? ''; process.env.G ?? undefined; process.env.H || null;",
        "process.env.I ? process.env.I.trim() : 'x';",
      ),
    ).resolves.toEqual([
      'A script scripts/a.ts:2',
      'B script scripts/a.ts:3 default',
      'C script scripts/a.ts:4 default',
      'D script scripts/a.ts:5 default',
      'E script scripts/a.ts:6 default',
      'F script scripts/a.ts:7',
      'G script scripts/a.ts:7',
      'H script scripts/a.ts:7',
      'I script scripts/a.ts:8',
      'I script scripts/a.ts:8 default',
    ]);
  });

  it('is another name', async () => {
    await expect(
      lines(
        'const get = (name) => process.env[name];',
        "get('A') ?? get('B');",
        'const first = (...names) => { for (const name of names) { const value = get(name); if (value) return value; } };',
        "first('C', 'D');",
        "['E', 'F'].find((name) => process.env[name]);",
        "for (const name of ['G', 'H']) if (!process.env[name]) throw new Error(name);",
      ),
    ).resolves.toEqual([
      'A script scripts/a.ts:2 alias B',
      'B script scripts/a.ts:2 alias A',
      'C script scripts/a.ts:4 alias D',
      'D script scripts/a.ts:4 alias C',
      'E script scripts/a.ts:5 alias F',
      'F script scripts/a.ts:5 alias E',
      'G script scripts/a.ts:6',
      'H script scripts/a.ts:6',
    ]);
  });

  it('is known of components, whose scripts are read, and of Netlify’s edge functions, which run on Deno', async () => {
    const { readers, problems } = await readersIn({
      'package.json': '{}',
      'index.html': '<script type="module" src="/src/main.ts"></script>',
      'src/main.ts': "import './A.vue';\nimport './B.svelte';\nimport './C.astro';\n",
      'src/A.vue':
        '<template>{{ import.meta.env.NO }}</template>\n<script setup lang="ts">\nconst a: string = import.meta.env.VITE_A;\n</script>\n',
      'src/B.svelte': '<script>\n  let b = import.meta.env.VITE_B;\n</script>\n<p>{b < 1}</p>\n',
      'src/C.astro':
        '---\nconst c = import.meta.env.VITE_C;\n---\n<p>{c}</p>\n<script>import.meta.env.VITE_D;</script>\n',
      'netlify/edge-functions/e.ts': "export default () => new Response(Deno.env.get('E') + Netlify.env.get('F'));\n",
    });
    expect(told(readers)).toEqual([
      'E netlifyFunction netlify/edge-functions/e.ts:1',
      'F netlifyFunction netlify/edge-functions/e.ts:1',
      'VITE_A build src/A.vue:3',
      'VITE_B build src/B.svelte:2',
      'VITE_C build src/C.astro:2',
      'VITE_D build src/C.astro:5',
    ]);
    expect(problems).toEqual([]);
  });
});
