import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../places/edgeFunction/digest.ts';
import { ServiceError, type Api } from '../services/door/http.ts';
import { listFunctionSecrets, setFunctionSecret } from '../services/supabase/management.ts';
import { emergencyVariable } from '../settings/names/names.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** Level 2: the Edge Function secret of the project, which the agents read before the row. */
export interface SecretSwitch {
  readonly set: boolean;
  /** Whether its value is one by which agents are refused. */
  readonly disabled: boolean;
  /** The value where its digest shows it; `undefined` for any other value, under which agents act. */
  readonly value: string | undefined;
  /** ISO 8601; the API says when it was changed, not by whom. */
  readonly at: string | undefined;
}

/** Reads level 2. The API shows only a digest of the value: it is compared with that of each spelling that is known. */
export async function readSecret(api: Api, project: string): Promise<SecretSwitch> {
  const secrets = await listFunctionSecrets(api, project);
  const found = secrets.find(({ name }) => name === emergencyVariable);
  if (!found) return { set: false, disabled: false, value: undefined, at: undefined };
  const value = spellings().get(found.digest.toLowerCase());
  return { set: true, disabled: value !== undefined && stops(value), value, at: found.updatedAt };
}

/** How often a write whose fate is unknown is made again. It may be repeated: it sets a state. */
const tries = 3;

/** Sets level 2, then reads it again: what is returned is what Supabase holds. */
export async function writeSecret(api: Api, project: string, value: 'true' | 'false'): Promise<SecretSwitch> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await setFunctionSecret(api, project, emergencyVariable, value);
    } catch (error) {
      const unknown = error instanceof ServiceError && (error.status === 0 || error.status >= 500);
      if (!unknown || attempt === tries) throw error;
      await sleep(250 * 2 ** attempt);
      continue;
    }
    const now = await readSecret(api, project);
    if (now.value === value) return now;
    throw new Error(
      `Supabase took the change, but the secret ${emergencyVariable} has another value: somebody else changed it at ` +
        `the same moment. Check it: ${forStack('npm run kill-switch -- status')}`,
    );
  }
}

/** The agents' own rule: blanks around it and its case do not count. */
function stops(value: string): boolean {
  return ['true', '1', 'yes'].includes(value.trim().toLowerCase());
}

let known: ReadonlyMap<string, string> | undefined;

/** The known values by their digests: each spelling in any case, alone or with a blank or line end that a shell left. */
function spellings(): ReadonlyMap<string, string> {
  known ??= new Map(
    ['true', '1', 'yes', 'false', '0', 'no', '']
      .flatMap(inAnyCase)
      .flatMap((word) => [word, `${word}\n`, `${word}\r\n`, `${word} `, ` ${word}`])
      .map((value) => [digestOf(value), value]),
  );
  return known;
}

/** All ways to write a word in small and capital letters. */
function inAnyCase(word: string): string[] {
  if (word === '') return [''];
  const both = new Set([word.charAt(0).toLowerCase(), word.charAt(0).toUpperCase()]);
  return inAnyCase(word.slice(1)).flatMap((rest) => [...both].map((letter) => letter + rest));
}
