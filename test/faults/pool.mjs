// Runs commands of this project within one process: each bundle is compiled once, and each run gets its modules anew and a
// `process` and a `console` of its own. A process each would take ten times as long.
// Over its channel it takes { id, bundle, args, env, cwd, limitMs } and answers { id, code, stdout, stderr, ms }.
import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import vm from 'node:vm';

const compiled = new Map();

/** The bundle as a function of what CommonJS gives a module, and of its own process and console. */
function load(file) {
  const known = compiled.get(file);
  if (known) return known;
  const names = 'exports, require, module, __filename, __dirname, process, console';
  const source = `(function (${names}) {${readFileSync(file, 'utf8')}\n})`;
  const made = new vm.Script(source, {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  compiled.set(file, made);
  return made;
}

function recorder(said, name) {
  const stream = new Writable({
    write(chunk, _, done) {
      said[name] += chunk.toString();
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

function run({ bundle, args, env, cwd, limitMs }, end) {
  const said = { stdout: '', stderr: '' };
  const started = Date.now();
  let ended = false;
  const finish = (code) => {
    if (ended) return;
    ended = true;
    clearTimeout(limit);
    // What is written in the same turn still counts.
    setImmediate(() => end({ code, ...said, ms: Date.now() - started }));
  };
  const limit = setTimeout(() => finish('hang'), limitMs);
  const stdout = recorder(said, 'stdout');
  const stderr = recorder(said, 'stderr');
  let exitCode;
  const own = Object.create(process, {
    env: { value: env },
    cwd: { value: () => cwd },
    argv: { value: [process.execPath, bundle, ...args] },
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
  const require = (id) => (id === 'playwright-core' ? playwright : real(id));
  const module = { exports: {} };
  const parameters = [module.exports, require, module, bundle, dirname(bundle), own, new Console(stdout, stderr)];
  load(bundle).runInThisContext()(...parameters);
}

// Each run listens for its own end.
process.setMaxListeners(0);
process.on('message', ({ id, ...asked }) => run(asked, (ending) => process.send({ id, ...ending })));
process.on('unhandledRejection', () => undefined); // of a run that has ended
