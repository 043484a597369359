import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readersAndTokenUses } from '../../readers/readersOf.ts';

const names = ['SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_ANON_KEY'];
const key = 'process.env.SUPABASE_SERVICE_ROLE_KEY';

/** What of the keys is used as a signed token in an application of these files: `use file:line`. */
async function usesIn(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'token-uses-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const { tokenUses } = await readersAndTokenUses(folder, names);
    return tokenUses.map(
      ({ use, file, line, called }) => `${use} ${file}:${line}${called === undefined ? '' : ` ${called}`}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const uses = (code: string) => usesIn({ 'scripts/a.ts': code });

describe('a key that is sent as a bearer token is found', () => {
  it.each([
    ['in a template', `fetch(url, { headers: { Authorization: \`Bearer \${${key}}\` } });`],
    ['in a sum', `fetch(url, { headers: { authorization: 'Bearer ' + ${key} } });`],
    ['by the name of its word', `const scheme = 'Bearer'; send(\`\${scheme} \${${key}!}\`);`],
    ['with blanks taken away', `const own = ${key}?.trim() ?? ''; const h = { Authorization: \`bearer \${own}\` };`],
    [
      'by a destructured name',
      `const { SUPABASE_SERVICE_ROLE_KEY: own = '' } = process.env; send(\`Bearer \${own}\`);`,
    ],
    ['by a realtime client', `client.realtime.setAuth(${key});`],
    ['in a list', `send(['Bearer', ${key}].join(' '));`],
    ['in a list of letters', `send(['Bearer ', ${key}].join(''));`],
    ['added to its word', `send('Bearer '.concat(${key}));`],
    ['added to its word, as the second', `send('Bearer'.concat(' ', ${key}));`],
    ['in an address', `new WebSocket(\`\${base}?access_token=\${${key}}\`);`],
  ])('%s', async (_, code) => {
    expect(await uses(code)).toEqual([expect.stringMatching(/^bearer scripts\/a\.ts:1/)]);
  });

  it('by a helper of another file, at the line that sends it', async () => {
    const files = {
      'lib/env.ts': `export const need = (name: string): string => process.env[name] ?? '';\n`,
      'lib/headers.ts': `export const headersFor = (own: string) => ({\n  Authorization: \`Bearer \${own}\`,\n});\n`,
      'scripts/a.ts': `import { need } from '../lib/env';\nimport { headersFor } from '../lib/headers';\nfetch(u, { headers: headersFor(need('SUPABASE_ANON_KEY')) });\nfetch(u, { headers: headersFor(need('OTHER')) });\n`,
    };
    expect(await usesIn(files)).toEqual(['bearer lib/headers.ts:2']);
  });

  it('by a helper that keeps what it has read', async () => {
    const files = {
      'lib/env.ts': `const kept = new Map<string, string>();\nexport function need(name: string) {\n  if (!kept.has(name)) for (const each of [process.env]) kept.set(name, each[name] ?? '');\n  return kept.get(name) ?? process.env[name.toUpperCase()];\n}\nexport const has = (name: string) => process.env[name] !== undefined;\n`,
      'scripts/a.ts': `import { has, need } from '../lib/env';\nconst own = need('SUPABASE_ANON_KEY')?.trim();\nconst h = has('SUPABASE_ANON_KEY') ? { Authorization: \`Bearer \${own}\` } : null;\n`,
    };
    expect(await usesIn(files)).toEqual(['bearer scripts/a.ts:3']);
  });

  it('by an Edge Function, a script and a workflow', async () => {
    const files = {
      'supabase/functions/a/index.ts': `const own = Deno.env.get('SUPABASE_ANON_KEY') ?? '';\nfetch(u, { headers: { Authorization: \`Bearer \${own}\` } });\n`,
      'scripts/b.sh': `curl -H "Authorization: Bearer $SUPABASE_ANON_KEY" "$URL"\ncurl -H "Authorization: Bearer $SUPABASE_ANON_KEY_OF_ANOTHER" "$URL"\n`,
      '.github/workflows/c.yml': `on: push\njobs:\n  c:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          OWN: \${{ secrets.SUPABASE_ANON_KEY }}\n        run: |\n            curl -H "Authorization: Bearer \${OWN}" https://example.com\n`,
    };
    expect(await usesIn(files)).toEqual([
      'bearer .github/workflows/c.yml:9',
      'bearer scripts/b.sh:1',
      'bearer supabase/functions/a/index.ts:2',
    ]);
  });
});

describe('a script or a workflow that sends a key as a bearer token is found', () => {
  it.each([
    ['behind the quote that ends', `curl -H "Authorization: Bearer "$SUPABASE_ANON_KEY`],
    ['between quotes of two kinds', `curl -H 'Authorization: Bearer '"$SUPABASE_ANON_KEY"`],
    ['by curl’s own option', `curl --oauth2-bearer "$SUPABASE_ANON_KEY"`],
    ['or something else, where it is absent', 'curl -H "Authorization: Bearer ${SUPABASE_ANON_KEY-none}"'],
  ])('%s', async (_, line) => {
    expect(await usesIn({ 'b.sh': `${line}\n` })).toEqual(['bearer b.sh:1']);
  });

  it('under a name that it was handed on by', async () => {
    const text = 'A=1 K="$SUPABASE_ANON_KEY"\nexport AGAIN=${K}\ncurl -H "Authorization: Bearer $AGAIN" "$URL"\n';
    expect(await usesIn({ 'b.sh': text })).toEqual(['bearer b.sh:3']);
    const workflow = `on: push\njobs:\n  c:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          OWN: \${{ secrets.SUPABASE_ANON_KEY }}\n        run: |\n            K=$OWN\n            curl -H "Authorization: Bearer $K" https://example.com\n`;
    expect(await usesIn({ '.github/workflows/c.yml': workflow })).toEqual(['bearer .github/workflows/c.yml:10']);
  });

  it('and no other value of a like name', async () => {
    const text = 'K="$SUPABASE_ANON_KEY_OF_ANOTHER"\nKEY=$SUPABASE_ANON_KEY\ncurl -H "Authorization: Bearer $K"\n';
    expect(await usesIn({ 'b.sh': text })).toEqual([]);
  });
});

describe('a key that is compared with a caller’s bearer token, or read as one, is found', () => {
  it.each([
    ['compared', `export const may = (r: Request) => r.headers.get('authorization') === \`Bearer \${${key}}\`;`],
    [
      'compared',
      `export function may(r: Request) { const token = r.headers.get('Authorization')?.replace('Bearer ', ''); return token === ${key}; }`,
    ],
    ['compared', `const expected = 'Bearer ' + ${key}; export const may = (given: string) => given !== expected;`],
    [
      'compared',
      `const same = (a: string, b: string) => a === b; export const may = (r: Request) => same(r.headers.get('authorization') ?? '', ${key});`,
    ],
    ['decoded', `import { jwtDecode } from 'jwt-decode'; jwtDecode(${key});`],
    ['decoded', `import jwt from 'jsonwebtoken'; jwt.decode(${key});`],
    ['decoded', `import * as jose from 'jose'; jose.decodeJwt(${key});`],
    [
      'decoded',
      `const own = ${key} ?? ''; if (!own.startsWith('eyJ')) throw new Error('bad'); fetch(u, { headers: { apikey: own } });`,
    ],
    ['decoded', `export const isKey = /^eyJ/.test(${key} ?? '');`],
    ['decoded', `export const isKey = (${key} ?? '').match(/^eyJ/) !== null;`],
    ['decoded', `const [, body] = ${key}.split('.'); JSON.parse(atob(body));`],
  ])('%s: %s', async (use, code) => {
    expect(await uses(code)).toEqual([`${use} scripts/a.ts:1`]);
  });
});

const client = (more = '') => `createClient(url, ${key}${more})`;
const from = `import { createClient } from '@supabase/supabase-js';`;

describe('an Edge Function that a server calls with the key alone', () => {
  it('is found where it is run with a signed token alone, as is preset', async () => {
    const code = `${from}\nconst own = ${client()};\nown.functions.invoke('report', { body: {} });\n`;
    expect(await uses(code)).toEqual(['invoked scripts/a.ts:3 report']);
    const open = { 'supabase/config.toml': '[functions.report]\nverify_jwt = false\n' };
    expect(await usesIn({ 'scripts/a.ts': code, ...open })).toEqual([]);
    const closed = { 'supabase/config.toml': '[functions.report]\nverify_jwt = true\n' };
    expect(await usesIn({ 'scripts/a.ts': code, ...closed })).toEqual(['invoked scripts/a.ts:3 report']);
  });

  it.each([
    [
      'with a user’s session',
      `const own = ${client()}; await own.auth.signInWithPassword(who); own.functions.invoke('r');`,
    ],
    ['with a header of its own', `${client()}.functions.invoke('r', { headers: { Authorization: user } });`],
    ['by a client with one', `${client(', { global: { headers: { Authorization: user } } }')}.functions.invoke('r');`],
    ['by a name that nobody knows', `${client()}.functions.invoke(someName());`],
  ])('is not named %s', async (_, code) => {
    expect(await uses(`${from} ${code}`)).toEqual([]);
  });

  it('is not named for a browser, where people are signed in', async () => {
    const files = {
      'index.html': '<script type="module" src="/src/main.ts"></script>',
      'src/main.ts': `${from}\ncreateClient(u, import.meta.env.SUPABASE_ANON_KEY).functions.invoke('report');\n`,
    };
    expect(await usesIn(files)).toEqual([]);
  });
});

it('code that asks for the old kind alone is named, and what it does with the key', async () => {
  const code = `const own = ${key} ?? '';\nif (!own.startsWith('eyJ')) throw new Error('bad');\nfetch(u, { headers: { Authorization: \`Bearer \${own}\` } });\n`;
  expect(await uses(code)).toEqual(['decoded scripts/a.ts:2', 'bearer scripts/a.ts:3']);
});

describe('no use is invented', () => {
  it.each([
    ['a client', `${from} ${client()}.from('rows').select();`],
    ['the header apikey', `fetch(url, { headers: { apikey: ${key} } });`],
    [
      'another value as a bearer',
      `fetch(url, { headers: { apikey: ${key}, Authorization: \`Bearer \${session}\` } });`,
    ],
    ['a text that speaks of it', `console.log(\`The bearer has \${${key}}\`);`],
    ['only whether it is there', `if ('SUPABASE_SERVICE_ROLE_KEY' in process.env) send('Bearer ' + other);`],
    ['a comparison with something else', `export const is = (a: string) => a === ${key};`],
    ['its letters', `${key}.split(',').join();`],
    ['a key of another’s token', `import jwt from 'jsonwebtoken'; jwt.verify(token, ${key});`],
    [
      'code that knows both kinds',
      `export const h = (own = ${key} ?? '') => own.startsWith('sb_') ? { apikey: own } : { Authorization: \`Bearer \${own}\` };`,
    ],
    [
      'code that asks a helper for the kind',
      `const isNew = (k: string) => /^sb_/.test(k); export function h() { const own = ${key} ?? ''; return isNew(own) ? {} : { Authorization: 'Bearer ' + own }; }`,
    ],
    [
      'code that asks for each kind',
      `export const h = (own = ${key} ?? '') => own.startsWith('eyJ') ? { Authorization: \`Bearer \${own}\` } : own.startsWith('sb_') ? { apikey: own } : {};`,
    ],
    ['a list that is no header', `send(['Key', ${key}].join(' ')); send(['Bearer', other, ${key}].join(' '));`],
    ['a text without letters of a token', `log(${key}.replace(/eyJ[^.]+/, '…'));`],
    ['a value that changes itself', `let own = ${key} ?? ''; while (more()) own = own.trim(); use(own);`],
  ])('for %s', async (_, code) => {
    expect(await uses(code)).toEqual([]);
  });
});
