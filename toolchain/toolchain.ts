import type { PartName } from './versions.ts';

/** How parts are got: `auto` takes the first that works of what is installed, the official download, and building. */
export type Mode = 'auto' | 'official' | 'source';

const MODES: readonly Mode[] = ['auto', 'official', 'source'];

/** Where a part came from: it was installed before, it was (or will be) downloaded, or it was built here from source. */
type Origin = 'found' | 'official' | 'source';

/** One settled part. */
export interface Part {
  readonly name: PartName;
  readonly version: string;
  readonly origin: Origin;
  /** One sentence for a person: why this origin. */
  readonly why: string;
  /** The program's file; for an official plugin that Pulumi downloads when it first needs it, the folder it will be in. */
  readonly path: string;
}

/** What a command needs to run Pulumi. */
export interface Toolchain {
  /** Absolute path of the CLI. */
  readonly pulumi: string;
  /** To be merged into the environment. Holds no PATH: see `pathEntries`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders to put first on PATH, so that the engine finds its language host. */
  readonly pathEntries: readonly string[];
  readonly parts: readonly Part[];
  /** GitHub's provider as Terraform runs it, when the benchmark asked for it. */
  readonly terraformGithub?: string;
}

/** What happens while the toolchain is set up. */
export type ToolchainEvent =
  /** A step begins. */
  | { readonly kind: 'step'; readonly text: string }
  /** The running step goes on: what it is at, and for how long it has been running. */
  | { readonly kind: 'progress'; readonly text: string; readonly seconds: number }
  /** Something worth a line that is no failure, such as a download that could not be reached. */
  | { readonly kind: 'note'; readonly text: string };

export type Report = (event: ToolchainEvent) => void;

/** A step that failed for a reason the user can do something about: the message says what happened, then what to do. */
export class ToolchainError extends Error {
  override readonly name = 'ToolchainError';
  readonly advice: string;

  constructor(happened: string, advice: string, options?: ErrorOptions) {
    super(`${happened}\n${advice}`, options);
    this.advice = advice;
  }
}

/** The mode that the environment asks for. */
export function modeFromEnvironment(environment: Readonly<NodeJS.ProcessEnv> = process.env): Mode {
  return parseMode(environment.STAGING_TOOLCHAIN ?? 'auto', 'STAGING_TOOLCHAIN');
}

/** Checks a mode; `where` names the setting in the error. */
export function parseMode(text: string, where: string): Mode {
  const mode = MODES.find((each) => each === text);
  if (mode === undefined) throw new Error(`${where} must be one of ${MODES.join(', ')}, not "${text}".`);
  return mode;
}

/** The environment for a child process: the current one, the toolchain's settings, and its folders first on PATH. */
export function toolchainEnvironment(
  toolchain: Toolchain,
  base: Readonly<NodeJS.ProcessEnv> = process.env,
): NodeJS.ProcessEnv {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = [...toolchain.pathEntries, base.PATH ?? ''].filter((entry) => entry !== '').join(separator);
  return { ...base, ...toolchain.environment, PATH: path };
}
