import { describe, expect, it } from '@jest/globals';
import { namesIn, readersIn, told } from './application.ts';

describe('what counts as a read', () => {
  it.each<[string, string, string[]]>([
    ['a member', 'process.env.A; process.env?.B; process.env.C!.trim();', ['A', 'B', 'C']],
    ['a key', "process.env['A']; process.env[`B`]; const C = 'D'; process.env[C];", ['A', 'B', 'D']],
    ['Deno and Netlify', "Deno.env.get('A'); Netlify.env.get('B'); Deno.env.toObject().C;", ['A', 'B', 'C']],
    ['destructuring', "const { A, B: b, C = 'x', ['D']: d } = process.env;", ['A', 'B', 'C', 'D']],
    ['an alias', 'const env = process.env; env.A; const { env: e } = process; e.B;', ['A', 'B']],
    [
      'an imported environment',
      "import { env } from 'node:process'; import p from 'process'; env.A; p.env.B;",
      ['A', 'B'],
    ],
    ['in', "if ('A' in process.env) {}", ['A']],
    ['the global object', "(globalThis as any).process?.env?.A; globalThis.Deno.env.get('B');", ['A', 'B']],
    ['a default parameter', 'function f(env = process.env) { return env.A; }', ['A']],
    ['an environment handed on', 'const f = (env: E) => env.A; f(process.env);', ['A']],
    ['no write', "process.env.A = 'x'; delete process.env.B; process.env.C ??= 'x';", ['C']],
    [
      'nothing that a child process is given',
      "import { spawn } from 'x'; spawn('x', [], { env: { ...process.env, A: '1', B: f() }, headers: { C: '1' } });",
      [],
    ],
    ['no method that every object has', "process.env.toString(); process.env.hasOwnProperty('A');", ['A']],
    [
      'what is asked by Object and Reflect',
      "Object.hasOwn(process.env, 'A'); Reflect.get(process.env, 'B'); Object.prototype.hasOwnProperty.call(process.env, 'C');",
      ['A', 'B', 'C'],
    ],
    ['a decorator', '@f(process.env.A) class C { @f(process.env.B) m() {} @f(process.env.C) p = 1; }', ['A', 'B', 'C']],
    ['no other env', 'const app = { env: { A: 1 } }; app.env.A; const process2 = app; process2.env.A;', []],
    ['a shadowed global', 'function f(process: P) { return process.env.A; } f({ env: {} });', []],
    ['a type alone', "declare const Deno: { env: { get(name: string): string } }; Deno.env.get('A');", ['A']],
    ['everything', 'Object.keys(process.env);', ['*']],
    ['a worked-out name', 'process.env[`A_${process.argv[2]}`];', ['?']],
    ['Deno’s whole environment, handed on', 'import { f } from "x"; f(Deno.env.toObject()); f(Deno.env);', ['*', '*']],
    ['Deno’s whole environment in an object', 'import { f } from "x"; f({ env: Deno.env.toObject() });', ['*']],
    ['Deno’s whole environment, gone through', 'for (const name in Deno.env.toObject()) name;', ['*']],
    ['Deno’s whole environment, kept', 'const kept = {}; kept[Math.random()] = Deno.env.toObject();', ['*']],
    ['Deno’s whole environment, spread and named', 'const e = { ...Deno.env.toObject() }; e.A;', ['A']],
    ['Deno’s reader, handed on', 'import { f } from "x"; f(Deno.env.get); Deno.env.get("A");', ['*', 'A']],
    ['a name in a callback of others', 'import { f } from "x"; f((name) => Deno.env.get(name));', ['?']],
    [
      'a name in a helper that others get',
      'import { f } from "x"; const g = (n) => Deno.env.get(n); f(g); g("A");',
      ['?', 'A'],
    ],
    ['Deno without its environment', 'import { f } from "x"; if (typeof Deno !== "undefined") Deno.serve(f);', []],
  ])('%s', async (_, code, names) => {
    await expect(namesIn(code)).resolves.toEqual(names);
  });
});

describe('the application’s own helpers', () => {
  it.each<[string, string, string[]]>([
    ['a function', "const get = (name: string) => process.env[name]; get('A'); get('B');", ['A', 'B']],
    ['one in another', "function a(n) { return process.env[n] } function b(n) { return a(n) } b('A');", ['A']],
    [
      'a list',
      "const get = (n) => process.env[n]; ['A', 'B'].map(get); for (const k of ['C']) get(k); Array.from(['D'], (n) => process.env[n]);",
      ['A', 'B', 'C', 'D'],
    ],
    [
      'rest arguments',
      'const first = (...names) => names.map((n) => process.env[n]).find(Boolean); first("A", "B");',
      ['A', 'B'],
    ],
    ['a prefix', "const get = (n: string) => process.env[`VITE_${n}`]; get('A');", ['VITE_A']],
    [
      'no mixing of calls',
      "const get = (p, n) => process.env[`${p}_${n}`]; get('A', 'B'); get('C', 'D');",
      ['A_B', 'C_D'],
    ],
    ['a class', "class Env { get(n) { return process.env[n] } } const env = new Env(); env.get('A');", ['A']],
    ['a static method', "class Env { static get(n) { return process.env[n] } } Env.get('A');", ['A']],
    [
      'a field',
      "class Env { #x; constructor(private env = process.env) {} get(n) { return this.env[n] } } new Env().get('A');",
      ['A'],
    ],
    [
      'an object of functions',
      "const env = { get: (n) => process.env[n], must(n) { return env.get(n) } }; env.must('A');",
      ['A'],
    ],
    ['a made function', "const reader = (env) => (n) => env[n]; const read = reader(process.env); read('A');", ['A']],
    [
      'a table of names',
      "const NAMES = { a: 'A', b: 'B' } as const; process.env[NAMES.a]; Object.values(NAMES).map((n) => process.env[n]);",
      ['A', 'A', 'B'],
    ],
    ['an enum', "enum Name { A = 'X' } process.env[Name.A];", ['X']],
    ['an object with names', "for (const { name } of [{ name: 'A' }, { name: 'B' }]) process.env[name];", ['A', 'B']],
    [
      'zod',
      "import { z } from 'zod'; z.object({ A: z.string(), B: z.string().default('x') }).parse(process.env);",
      ['A', 'B'],
    ],
    ['a schema beside it', "import { cleanEnv, str } from 'envalid'; cleanEnv(process.env, { A: str() });", ['A']],
    [
      'a schema in the same object',
      "import { createEnv } from 'x'; createEnv({ server: { A: z.string() }, shared: { B: url }, runtimeEnv: process.env });",
      ['A', 'B'],
    ],
    [
      'with TypeScript’s `this`',
      "class X { constructor() {} } function need(this: void, k: string) { return process.env[k]; } need('A');",
      ['A'],
    ],
    [
      'a constructor',
      "class P { constructor(o: { key: string }, private k: string) { process.env[o.key]; process.env[k]; } } new P({ key: 'A' }, 'B');",
      ['A', 'B'],
    ],
    [
      'a class above',
      "class A { static s(k) { process.env[k] } m(k) { process.env[k] } constructor(k) { process.env[k] } } class B extends A { constructor() { super('C') } n() { super.m('D') } } B.s('E'); new B().m('F');",
      ['C', 'D', 'E', 'F'],
    ],
    [
      'by call, apply and bind',
      "const get = (k) => process.env[k]; get.call(null, 'A'); get.apply(null, ['B']); get.bind(null, 'C')(); get.bind(null)('D');",
      ['A', 'B', 'C', 'D'],
    ],
    [
      'a namespace',
      "namespace Env { export function get(k: string) { return process.env[k] } export const must = (k: string) => get(k); } Env.get('A'); Env.must('B');",
      ['A', 'B'],
    ],
    [
      'schemas put together',
      "import { z } from 'zod'; const a = z.object({ A: s }); a.merge(z.object({ B: s })).and(z.object({ C: s })).parse(process.env); z.preprocess(f, z.object({ D: s })).parse(process.env); z.union([z.object({ E: s }), z.object({ ...a.shape, F: s })]).parse(process.env);",
      ['A', 'B', 'C', 'D', 'E', 'F'],
    ],
    [
      'a part of a schema',
      "import { z } from 'zod'; const a = z.object({ A: s, B: s, C: s }); a.pick({ A: true }).parse(process.env); a.omit({ A: true, B: true }).parse(process.env);",
      ['A', 'C'],
    ],
    [
      'a loaded environment',
      "require('node:process').env.A; const { env } = require('process'); env.B; (await import('process')).env.C; const p = await import('node:process'); p.default.env.D;",
      ['A', 'B', 'C', 'D'],
    ],
    ['what it is given by nobody', 'export const get = (name: string) => process.env[name];', []],
  ])('%s', async (_, code, names) => {
    await expect(namesIn(code)).resolves.toEqual(names);
  });

  it('across modules: index files, other names, whole modules, path aliases, import maps, .js for .ts', async () => {
    const { readers } = await readersIn({
      'src/env/get.ts': 'export function get(name: string) { return process.env[name]; }\nexport default get;\n',
      'src/env/index.ts': "export { get as getEnv } from './get.js';\nexport * as all from './get';\n",
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } }, }',
      'scripts/a.ts': "import { getEnv } from '../src/env';\ngetEnv('A');\n",
      'scripts/b.mjs': "import * as env from '../src/env/index.ts';\nenv.getEnv('B');\nenv.all.get('C');\n",
      'scripts/c.ts': "import any from '@/env/get';\nany('D');\n",
      'scripts/d.cjs': "const { get } = require('../src/env/get');\nget('E');\n",
      'scripts/e.mjs': "const { get } = await import('../src/env/get.ts');\nget('F');\n",
      'supabase/functions/deno.json': '{ "imports": { "shared/": "./_shared/" } }',
      'supabase/functions/_shared/env.ts':
        'const fail = (n) => {\n  throw new Error(n);\n};\nexport const must = (n: string) => Deno.env.get(n) ?? fail(n);\n',
      'supabase/functions/a/index.ts': "import { must } from 'shared/env.ts';\nmust('G');\n",
    });
    expect(told(readers)).toEqual([
      'A script scripts/a.ts:2',
      'B script scripts/b.mjs:2',
      'C script scripts/b.mjs:3',
      'D script scripts/c.ts:2',
      'E script scripts/d.cjs:2',
      'F script scripts/e.mjs:2',
      'G edgeFunction supabase/functions/a/index.ts:2',
    ]);
  });

  it('across packages: settings that extend others, and what a package exports', async () => {
    const { readers } = await readersIn({
      'packages/settings/package.json': '{ "name": "@x/settings" }',
      'packages/settings/base.json': '{ "extends": ["./paths"] }',
      'packages/settings/paths.json': '{ "compilerOptions": { "baseUrl": "../..", "paths": { "~/*": ["tools/*"] } } }',
      'tsconfig.json': '{ "extends": "@x/settings/base.json" }',
      'app/tsconfig.json': '{ "extends": "./tsconfig.json" }',
      'tools/get.ts': 'export const get = (n: string) => process.env[n];\n',
      'packages/env/package.json':
        '{ "name": "@x/env", "exports": { ".": { "types": "./no.d.ts", "default": "./lib/main.ts" }, "./read": "./lib/read.ts", "./deep/*": "./lib/d/*.ts" } }',
      'packages/env/lib/main.ts': "export { read as main } from './read.ts';\n",
      'packages/env/lib/read.ts': 'export const read = (n: string) => process.env[n];\n',
      'packages/env/lib/d/one.ts': "export { read } from '../read';\n",
      'scripts/a.ts': "import { get } from '~/get';\nget('A');\n",
      'scripts/b.ts':
        "import { main } from '@x/env';\nimport { read } from '@x/env/read';\nimport { read as one } from '@x/env/deep/one';\nmain('B'), read('C'), one('D');\n",
    });
    expect(told(readers)).toEqual([
      'A script scripts/a.ts:2',
      'B script scripts/b.ts:4',
      'C script scripts/b.ts:4',
      'D script scripts/b.ts:4',
    ]);
  });

  it('across modules of CommonJS: what they are given, and what they answer', async () => {
    const { readers } = await readersIn({
      'scripts/check.cjs':
        'function check(env) {\n  return env.A;\n}\nconst more = { B: "C" };\nmodule.exports = { check, more, also: (env) => env.D };\n',
      'scripts/one.cjs':
        'exports.one = (env) => env.E;\nmodule.exports.two = (env) => env.F;\nexports.names = ["G"];\n',
      'scripts/whole.cjs': 'module.exports = function (env) {\n  return env.H;\n};\n',
      'scripts/a.cjs':
        "const { check, more } = require('./check.cjs');\nconst all = require('./check.cjs');\nconst { one, two, names } = require('./one.cjs');\ncheck(process.env);\nall.also(process.env);\none(process.env);\ntwo(process.env);\nfor (const name of names) process.env[name];\nprocess.env[more.B];\nrequire('./whole.cjs')(process.env);\n",
      'scripts/b.mjs':
        "import whole from './whole.cjs';\nimport { one } from './one.cjs';\none(process.env) ?? whole(process.env);\n",
    });
    expect(told(readers).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'A script scripts/check.cjs:2',
      'C script scripts/a.cjs:9',
      'D script scripts/check.cjs:5',
      'E script scripts/one.cjs:1',
      'F script scripts/one.cjs:2',
      'G script scripts/a.cjs:8',
      'H script scripts/whole.cjs:2',
    ]);
  });

  it('across modules: a schema that another one gives away', async () => {
    const { readers } = await readersIn({
      'src/schema.ts':
        "import { z } from 'zod';\nexport const plain = z.object({ A: z.string() });\nexport default plain.extend({ B: z.string().default('x') });\n",
      'src/index.ts': "export { plain as again } from './schema';\n",
      'scripts/a.ts':
        "import whole from '../src/schema';\nimport { again } from '../src';\nimport * as all from '../src/schema';\nwhole.parse(process.env);\nagain.parse(process.env);\nall.plain.parse(process.env);\nfunction check(schema: S) {\n  return schema.parse(process.env);\n}\ncheck(again.extend({ C: s }));\n",
    });
    expect(told(readers)).toEqual([
      'A script src/schema.ts:2',
      'B script src/schema.ts:3 default',
      'C script scripts/a.ts:10',
    ]);
  });
});
