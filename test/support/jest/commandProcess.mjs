// Runs commands of this project within one process: each bundle is compiled once, and each run gets its modules anew and a
// `process` and a `console` of its own. A process each takes up to ten times as long.
// Over its channel it takes { id, bundle, args, env, cwd, limitMs, input, alone, browser } and answers
// { id, code, stdout, stderr, output, ms }. `alone` promises that it runs nothing else meanwhile: then this process's own
// folder and environment become the command's, so that packages and children see them, too.
import { Console } from 'node:console';
import { EventEmitter } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Readable, Writable } from 'node:stream';
import vm from 'node:vm';

const compiled = new Map();
const { fetch } = globalThis;

/** The run that has this process for itself, as far as there is one. */
let current;

/** The bundle as a function of what CommonJS gives a module, and of its own process and console. */
function load(file) {
  const { mtimeMs } = statSync(file);
  const known = compiled.get(file);
  if (known?.mtimeMs === mtimeMs) return known.script;
  const names = 'exports, require, module, __filename, __dirname, process, console';
  const source = `(function (${names}) {${readFileSync(file, 'utf8')}\n})`;
  const script = new vm.Script(source, {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  compiled.set(file, { script, mtimeMs });
  return script;
}

function recorder(said, name) {
  const stream = new Writable({
    write(chunk, _, done) {
      said[name] += chunk.toString();
      said.output += chunk.toString();
      done();
    },
  });
  return stream;
}

/** A browser that reaches no page: what a page shows is for other tests. */
const page = { on: () => undefined, goto: () => Promise.reject(new Error('net::ERR_FAILED')) };
const browser = {
  newContext: () => Promise.resolve({ setDefaultTimeout: () => undefined, newPage: () => Promise.resolve(page) }),
  close: () => Promise.resolve(),
};
const playwright = { chromium: { executablePath: () => '', launch: () => Promise.resolve(browser) } };

/** Makes folder and environment the command's own: children and packages read them here. */
function settle(cwd, env) {
  globalThis.fetch = fetch; // a command that ended half way leaves its own
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

function run({ bundle, args, env, cwd, limitMs, input = '', alone = false }, end) {
  const said = { stdout: '', stderr: '', output: '' };
  const started = Date.now();
  const events = new EventEmitter();
  events.setMaxListeners(0);
  let ended = false;
  const finish = (code) => {
    if (ended) return;
    ended = true;
    clearTimeout(limit);
    events.emit('exit', code);
    // What is written in the same turn still counts.
    setImmediate(() => {
      if (current === failed) current = undefined;
      end({ code, ...said, ms: Date.now() - started });
    });
  };
  /** What Node does with an error that nobody catches. */
  const failed = (error) => {
    if (events.emit('uncaughtException', error, 'uncaughtException')) return;
    stderr.write(`${error?.stack ?? String(error)}\n`);
    finish(1);
  };
  const limit = setTimeout(() => finish('hang'), limitMs);
  const stdout = recorder(said, 'stdout');
  const stderr = recorder(said, 'stderr');
  let exitCode;
  const ofEvents = Object.fromEntries(
    ['on', 'once', 'off', 'addListener', 'removeListener', 'emit', 'listeners', 'listenerCount'].map((name) => [
      name,
      { value: (...given) => events[name](...given) },
    ]),
  );
  if (alone) {
    settle(cwd, env);
    current = failed;
  }
  const own = Object.create(process, {
    ...ofEvents,
    env: { value: alone ? process.env : env },
    cwd: { value: () => cwd },
    argv: { value: [process.execPath, bundle, ...args] },
    stdin: { value: Readable.from(input === '' ? [] : [input]) },
    stdout: { value: stdout },
    stderr: { value: stderr },
    exit: { value: (code) => finish(code ?? exitCode ?? 0) },
    exitCode: {
      get: () => exitCode,
      // Every command sets it once, at its end.
      set: (code) => {
        exitCode = code;
        finish(code);
      },
    },
  });
  const real = createRequire(bundle);
  const given = { process: own, 'node:process': own, ...(!alone && { 'playwright-core': playwright }) };
  const require = (id) => given[id] ?? real(id);
  const module = { exports: {} };
  const parameters = [module.exports, require, module, bundle, dirname(bundle), own, new Console(stdout, stderr)];
  load(bundle).runInThisContext()(...parameters);
  void module.exports.command?.run();
}

process.on('message', ({ id, ...asked }) => run(asked, (ending) => process.send({ id, ...ending })));
process.on('disconnect', () => process.exit());
// Without a current run, they are of one that has ended.
process.on('uncaughtException', (error) => current?.(error));
process.on('unhandledRejection', (error) => current?.(error));
