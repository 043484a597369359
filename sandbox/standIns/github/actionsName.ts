import { ApiError } from './call.ts';

/** A secret's or variable's name in the upper case that GitHub keeps; 422 for one that it does not take. */
export function actionsName(kind: 'Secret' | 'Variable', given: string): string {
  const name = given.toUpperCase();
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name) || name.startsWith('GITHUB_')) {
    throw new ApiError(
      422,
      `${kind} names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). ` +
        'Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_), and not with GITHUB_.',
    );
  }
  return name;
}

/** The largest value of a secret or a variable, in bytes. */
export const largestValue = 48 * 1024;
