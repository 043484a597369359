/**
 * Where the application reads a value: who runs the code that does. `build`: the browser's bundle, and what makes it.
 * `unused`: no entry of the application leads to that code.
 */
export type ReaderPlace = 'build' | 'netlifyFunction' | 'edgeFunction' | 'workflow' | 'script' | 'test' | 'unused';

/** By what a value is read: an expression of the code, of a workflow, or of a tool's own file. */
type ReaderMeans =
  | 'process.env'
  | 'import.meta.env'
  | 'Deno.env'
  | 'Netlify.env'
  | 'loadEnv'
  | 'secrets'
  | 'vars'
  | 'shell'
  | 'env()'
  | 'comment';

/** A place in one of the application's files. */
interface FilePlace {
  /** Relative to the application, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** One place that reads one value. */
export interface Reader extends FilePlace {
  readonly name: string;
  readonly place: ReaderPlace;
  readonly means: ReaderMeans;
  /** The file and line of the helper that reads the environment, when the value is only named here. */
  readonly via?: string;
  /** A missing value shows nowhere: the code has a default, or takes another name. */
  readonly fallback?: 'default' | 'alias';
  /** The other names that are taken instead. */
  readonly aliases?: readonly string[];
  /** The GitHub environment of the job that reads it. */
  readonly environment?: string;
  /** Under which names a job hands the value to what it runs. */
  readonly handedAs?: string;
}

/**
 * What a value is used for that only a signed token (a JWT) can do: it is sent as a bearer token, a caller's bearer token is
 * compared with it, it is read as a signed token, or an Edge Function is called with it alone that checks for one.
 */
export type TokenUse = 'bearer' | 'compared' | 'decoded' | 'invoked';

/** One such use of a value. */
export interface TokenUseFound extends FilePlace {
  readonly name: string;
  readonly place: ReaderPlace;
  readonly use: TokenUse;
  /** The Edge Function that is called. */
  readonly called?: string;
}

/** A file of the application that gives a name a value, or says that there is one. */
export interface Definition extends FilePlace {
  readonly name: string;
  readonly by: 'netlify.toml' | 'workflow' | 'example';
  /** Netlify's context; none: all. */
  readonly context?: string;
}

/** A read whose name the text does not say, or of all names at once. */
export interface UnknownName extends FilePlace {
  readonly place: ReaderPlace;
  readonly means: ReaderMeans;
  readonly whole: boolean;
}

/** A file that could not be read as what it is. */
export interface Problem extends FilePlace {
  readonly message: string;
}

/** A finding that a comment in the application accepts. */
export interface Acceptance extends FilePlace {
  readonly name: string;
  /** The declared place, or the reader's, that it is about; none: all. */
  readonly place?: string;
  readonly reason: string;
}

/** Who reads what in an application. */
export interface Readers {
  readonly readers: readonly Reader[];
  readonly definitions: readonly Definition[];
  readonly unknown: readonly UnknownName[];
  readonly problems: readonly Problem[];
  readonly acceptances: readonly Acceptance[];
  /** How many files were read. */
  readonly files: number;
}
