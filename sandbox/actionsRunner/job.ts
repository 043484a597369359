import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holds, mapping, text, type Status, type Surroundings } from './expressions.ts';
import { ProcessArguments } from './processArguments.ts';
import type { Workflow } from './read.ts';

export type Conclusion = 'success' | 'failure' | 'skipped';

export interface StepResult {
  readonly name: string;
  readonly conclusion: Conclusion;
  /** What the step printed, secrets masked as GitHub masks them. */
  readonly log: string;
  readonly seconds: number;
}

export interface JobResult {
  readonly conclusion: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly environmentUrl: string;
  readonly steps: readonly StepResult[];
  /** Names of secrets that a step printed in plain: GitHub would have masked them, but they should not be printed at all. */
  readonly printedSecrets: readonly string[];
  /** Names of secrets that stood in a process's arguments, where the machine's other processes can read them. */
  readonly secretsInArguments: readonly string[];
}

export interface JobOptions {
  readonly workflow: Workflow;
  readonly job: string;
  /** `github`, `secrets`, `needs` … */
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly needs: Readonly<Record<string, Conclusion>>;
  readonly workspace: string;
  /** The runner's folder for outputs and temporary files. */
  readonly temp: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What an action does here, by its name without a version; an unknown one is an error. */
  readonly actions: Readonly<Record<string, (inputs: Readonly<Record<string, string>>) => void>>;
  readonly onStep: (step: StepResult) => void;
}

/** `NAME=value` lines of $GITHUB_OUTPUT, and its form for several lines. */
function readOutputs(file: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = readFileSync(file, 'utf8').split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const block = /^([\w-]+)<<(.+)$/.exec(line);
    if (block) {
      const end = lines.indexOf(block[2] ?? '', index);
      outputs[block[1] ?? ''] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else if (line.includes('=')) outputs[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
  }
  return outputs;
}

function runScript(script: string, options: JobOptions, env: Record<string, string>): Promise<[number, string]> {
  const file = join(options.temp, 'step.sh');
  writeFileSync(file, script);
  // The shell that GitHub takes where a step names none.
  const child = spawn('bash', ['-e', file], { cwd: options.workspace, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve([code ?? 1, output]));
  });
}

/** Runs a job as GitHub's runner does, step after step; later steps still run where their condition says so. */
export async function runJob(options: JobOptions): Promise<JobResult> {
  const job = options.workflow.jobs[options.job];
  if (!job) throw new Error(`the workflow has no job ${options.job}`);
  const known = (options.contexts.secrets ?? {}) as Record<string, string>;
  const secrets = Object.entries(known);
  const processArguments = new ProcessArguments(`RUNNER_TEMP=${options.temp}`, known);
  const needed = Object.entries(options.needs).map(([name, result]) => [name, { result, outputs: {} }]);
  const contexts: Record<string, unknown> = { ...options.contexts, needs: Object.fromEntries(needed), steps: {} };
  const steps: Record<string, { outcome: Conclusion; conclusion: Conclusion; outputs: Record<string, string> }> = {};
  const results: StepResult[] = [];
  const printed = new Set<string>();
  const before: Status = Object.values(options.needs).every((one) => one === 'success') ? 'success' : 'failure';
  const nothing = { outputs: {}, environmentUrl: '', steps: [], printedSecrets: [], secretsInArguments: [] };
  if (!holds(job.if, { contexts, status: before })) return { conclusion: 'skipped', ...nothing };
  let status: Status = 'success';
  const surroundings = (): Surroundings => ({ contexts: { ...contexts, steps }, status });

  mkdirSync(options.temp, { recursive: true });
  mkdirSync(options.workspace, { recursive: true });
  const jobEnvironment = mapping(job.env, surroundings());
  for (const [index, step] of job.steps.entries()) {
    const started = Date.now();
    const isAction = 'uses' in step;
    if (!isAction && !('run' in step))
      throw new Error(`step ${index} of ${options.job} is of a kind that is not known here`);
    const name = text(step.name, surroundings()) || (isAction ? step.uses.value : step.id);
    const outputFile = join(options.temp, `output-${index}`);
    writeFileSync(outputFile, '');
    let conclusion: Conclusion = 'skipped';
    let log = '';
    if (holds(step.if, surroundings())) {
      if (isAction) {
        const action = step.uses.value.split('@')[0] ?? '';
        const run = options.actions[action];
        if (!run) throw new Error(`the action ${action} is not known here`);
        const inputs = Object.entries(options.workflow.inputs(options.job, index)).map(([key, value]) => [
          key,
          String(value),
        ]);
        run(Object.fromEntries(inputs) as Record<string, string>);
        conclusion = 'success';
      } else {
        const environment = {
          ...options.environment,
          ...jobEnvironment,
          ...mapping(step.env, surroundings()),
          GITHUB_OUTPUT: outputFile,
          GITHUB_STEP_SUMMARY: join(options.temp, 'summary.md'),
          RUNNER_TEMP: options.temp,
        };
        const [code, output] = await processArguments.during(
          runScript(text(step.run, surroundings()), options, environment),
        );
        conclusion = code === 0 ? 'success' : 'failure';
        log = output;
        for (const [secret, value] of secrets) {
          if (value === '' || !log.includes(value)) continue;
          printed.add(secret);
          log = log.replaceAll(value, '***');
        }
      }
    }
    if (conclusion === 'failure') status = 'failure';
    steps[step.id] = { outcome: conclusion, conclusion, outputs: readOutputs(outputFile) };
    const result = { name, conclusion, log, seconds: (Date.now() - started) / 1000 };
    results.push(result);
    options.onStep(result);
  }
  const environment = options.workflow.environmentUrl(options.job);
  return {
    conclusion: status === 'success' ? 'success' : 'failure',
    outputs: mapping(job.outputs, surroundings()),
    environmentUrl: text(environment, surroundings()),
    steps: results,
    printedSecrets: [...printed],
    secretsInArguments: processArguments.found,
  };
}
