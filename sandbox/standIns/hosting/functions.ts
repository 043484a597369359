import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { unzipSync } from 'fflate';
import type { ServiceReply, ServiceRequest } from '../../server/service.ts';

/** A function of a deploy, unpacked. */
export interface DeployedFunction {
  readonly name: string;
  readonly entry: string;
  /** Paths that it answers itself (`config.path`), besides `/.netlify/functions/NAME`. */
  readonly paths: readonly string[];
}

/**
 * Runs in a process of its own per call, as a cold function does: nothing but the deploy's environment is there.
 * Reads the request from stdin, writes the answer (or, without a request, the function's paths) to descriptor 3.
 * Knows both shapes of Netlify's functions: a default export that takes a Request, and AWS's `handler(event, context)`.
 */
const runner = `
import { readFileSync, writeSync } from 'node:fs';
const [entry, mode] = process.argv.slice(1);
const answer = (value) => writeSync(3, JSON.stringify(value));
let loaded = await import(entry);
if (typeof loaded.default === 'object' && loaded.default !== null) loaded = { ...loaded.default, ...loaded };
const modern = typeof loaded.default === 'function' ? loaded.default : loaded.default?.default;
const answerOf = async ({ method, url, headers, body, deploy }) => {
  if (typeof modern === 'function') {
    const request = new Request(url, { method, headers, ...(body && { body: Buffer.from(body, 'base64') }) });
    const response = await modern(request, { deploy });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    };
  }
  const { pathname, searchParams, search } = new URL(url);
  const event = {
    httpMethod: method, path: pathname, rawUrl: url, rawQuery: search.slice(1), headers,
    queryStringParameters: Object.fromEntries(searchParams), body: body ?? null, isBase64Encoded: body !== undefined,
  };
  const { statusCode, headers: answered = {}, body: text = '', isBase64Encoded } = await loaded.handler(event, {});
  return { status: statusCode, headers: answered, body: isBase64Encoded ? text : Buffer.from(text).toString('base64') };
};
if (mode === 'describe') answer({ paths: [loaded.config?.path ?? loaded.default?.config?.path ?? []].flat() });
else answer(await answerOf(JSON.parse(readFileSync(0, 'utf8'))));
process.exit();`;

/** Netlify's own limit for a function that is waited for. */
const timeLimitMs = 60_000;

/** Starts the runner; its standard output and errors are the function's log and go nowhere. */
function run(
  entry: string,
  mode: 'describe' | 'call',
  environment: Readonly<Record<string, string>>,
  input: string,
): Promise<unknown> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', runner, entry, mode], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    timeout: timeLimitMs,
  });
  let answer = '';
  let complaint = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdin?.on('error', () => undefined); // it may end before it has read its input
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0 && answer !== '') resolve(JSON.parse(answer));
      else
        reject(
          new Error(
            complaint
              .trim()
              .split('\n')
              .find((line) => line.includes('Error')) ??
              (signal === null ? `exit ${String(code)}` : `no answer within ${timeLimitMs / 1000} s`),
          ),
        );
    });
  });
}

/** Unpacks a function's archive into `folder` and learns which paths it answers. */
export async function unpackFunction(name: string, archive: Buffer, folder: string): Promise<DeployedFunction> {
  const root = resolve(folder);
  const entries = unzipSync(archive);
  const paths = Object.keys(entries);
  for (const [path, bytes] of Object.entries(entries)) {
    const file = resolve(root, path);
    if (!file.startsWith(root + sep)) throw new Error(`the archive of ${name} leaves its folder`);
    if (path.endsWith('/')) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  // On Netlify no package.json stands above a function: `.js` is CommonJS there, whatever this folder lies in.
  if (!paths.includes('package.json')) writeFileSync(join(root, 'package.json'), '{}');
  // At the root, or where it lay in the application's repository.
  const entry = paths.find((path) => new RegExp(`(^|/)${name}\\.(mjs|js|cjs)$`).test(path));
  if (entry === undefined) throw new Error(`the archive of ${name} has no ${name}.mjs or .js`);
  const described = (await run(join(root, entry), 'describe', {}, '')) as { paths: string[] };
  return { name, entry: join(root, entry), paths: described.paths };
}

/** Calls a function; one that throws is answered with 502, as Netlify does. */
export async function callFunction(
  called: DeployedFunction,
  request: ServiceRequest,
  origin: string,
  environment: Readonly<Record<string, string>>,
  deploy: Readonly<Record<string, unknown>>,
): Promise<ServiceReply> {
  const query = request.query.size > 0 ? `?${request.query.toString()}` : '';
  const input = JSON.stringify({
    method: request.method,
    url: origin + request.path + query,
    headers: request.headers,
    body: request.body.length > 0 ? request.body.toString('base64') : undefined,
    deploy,
  });
  try {
    const reply = (await run(called.entry, 'call', environment, input)) as {
      status: number;
      headers: Record<string, string>;
      body: string;
    };
    return { status: reply.status, headers: reply.headers, body: Buffer.from(reply.body, 'base64') };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: 502, body: { errorType: 'Error', errorMessage: message } };
  }
}
