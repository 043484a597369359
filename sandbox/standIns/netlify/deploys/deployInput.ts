import { badRequest, unprocessable } from '../apiError.ts';
import { isInput, type Input } from '../call.ts';
import type { StoredDeploy } from './storedDeploy.ts';
import { readKey } from '../environment/environmentRules.ts';

/** What a request says of a deploy's parts; members that it leaves out stay as they are. */
export interface DeployInput {
  readonly draft?: boolean;
  readonly branch?: string;
  readonly source?: string;
  /** The parts are all named now: the deploy waits for what is missing. */
  readonly parts?: Pick<StoredDeploy, 'files' | 'functions' | 'edge_functions'>;
  /** Values for the functions of this deploy alone. */
  readonly environment?: Readonly<Record<string, string>>;
}

export function readDeploy(body: Input): DeployInput {
  const { draft, branch, deploy_source: source, files, functions, edge_functions: edge } = body;
  const hasParts = [files, functions, edge].some((part) => part !== undefined);
  return {
    ...(typeof draft === 'boolean' && { draft }),
    ...(typeof branch === 'string' && branch !== '' && { branch }),
    ...(typeof source === 'string' && { source }),
    ...(hasParts && {
      parts: {
        files: digests(files, /^[0-9a-f]{40}$/, 'files'),
        functions: digests(functions, /^[0-9a-f]{64}$/, 'functions'),
        edge_functions: digests(edge, /^[0-9a-f]{40,64}$/, 'edge_functions'),
      },
    }),
    ...(body.environment !== undefined && { environment: readEnvironment(body.environment) }),
  };
}

/** Digests by path or name; paths are kept without a leading slash. */
function digests(input: unknown, form: RegExp, member: string): Record<string, string> {
  if (input === undefined) return {};
  if (!isInput(input)) throw badRequest(`${member} must be an object`);
  const read: Record<string, string> = {};
  for (const [name, digest] of Object.entries(input)) {
    if (typeof digest !== 'string' || !form.test(digest)) throw unprocessable(`${member} must have digests as values`);
    read[name.replace(/^\//, '')] = digest;
  }
  return read;
}

function readEnvironment(input: unknown): Record<string, string> {
  if (!Array.isArray(input)) throw badRequest('environment must be an array');
  const read: Record<string, string> = {};
  for (const variable of input as unknown[]) {
    if (!isInput(variable) || typeof variable.value !== 'string' || typeof variable.is_secret !== 'boolean') {
      throw unprocessable('environment variables must have key, value, scopes and is_secret');
    }
    const key = readKey(variable.key);
    if (key in read) throw unprocessable(`${key} is given twice`);
    read[key] = variable.value;
  }
  return read;
}
