import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { callFunction, unpackFunction } from '../../../../sandbox/standIns/hosting/functions.ts';

// As in this repository, where a sandbox's state lies below a package of modules.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'functions-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true }));

const answer = `handler = async () => ({ statusCode: 200, body: 'it answers' });`;
const esModule = "export default () => new Response('it answers');";

it.each<[string, Record<string, string>]>([
  [
    'as the command line packs it',
    { 'one.js': "module.exports = require('./lib/one.js')", 'lib/one.js': `exports.${answer}` },
  ],
  ['as a module by its name', { 'one.mjs': esModule }],
  ['as a module by its own package.json', { 'one.js': esModule, 'package.json': '{ "type": "module" }' }],
])('runs a function %s', async (what, files) => {
  const target = join(folder, what);
  mkdirSync(target);
  const bytes = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const);
  const unpacked = await unpackFunction('one', Buffer.from(zipSync(Object.fromEntries(bytes))), target);
  const request = { method: 'GET', path: '/', query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) };
  const reply = await callFunction(unpacked, request, 'http://127.0.0.1', {}, {});
  expect([reply.status, String(reply.body)]).toEqual([200, 'it answers']);
});
