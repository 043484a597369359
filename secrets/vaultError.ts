import type { ResolveReferenceError } from '@1password/sdk';
import { proxyAdvice } from '../services/door/proxy.ts';

/** One value that the vault did not give, who wanted it, and what to do. */
export interface VaultProblem {
  readonly reference: string;
  /** The variables and secrets that wanted it, e.g. `SUPABASE_URL (Netlify)`. */
  readonly wantedBy: readonly string[];
  readonly problem: string;
  readonly fix: string;
}

/**
 * Why: 1Password did not come to the question (no connection, no answer in time, a rate limit, its own failure), it
 * refused, or it did not give some of the values.
 */
export type VaultErrorKind = 'no-answer' | 'refused' | 'values';

/** The vault could not be read, wholly or in part. Names references and variables, never a value. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly problems: readonly VaultProblem[];
  readonly kind: VaultErrorKind;

  constructor(kind: VaultErrorKind, summary: string, problems: readonly VaultProblem[]) {
    super(
      [
        summary,
        ...problems.map(
          ({ reference, wantedBy, problem, fix }) =>
            `  - ${reference}: ${problem}, wanted by ${wantedBy.join(', ')}. ${fix}`,
        ),
      ].join('\n'),
    );
    this.kind = kind;
    this.problems = problems;
  }
}

/** What each of the SDK's error types means for one reference, and the fix; `sameTitle` are the items that share its title. */
export function explain(
  error: ResolveReferenceError,
  sameTitle: readonly string[] = [],
): { readonly problem: string; readonly fix: string } {
  const inItem = 'Add it in 1Password, or correct the reference in Pulumi.staging.yaml.';
  switch (error.type) {
    case 'vaultNotFound':
      return {
        problem: 'no such vault, or no access to it',
        fix: 'Grant the service account read access to the vault, or correct its name.',
      };
    case 'itemNotFound':
      return { problem: 'no such item in the vault', fix: `${inItem} An archived item does not count.` };
    case 'fieldNotFound':
      return { problem: 'no such field in the item', fix: inItem };
    case 'noMatchingSections':
      return { problem: 'no such section in the item', fix: inItem };
    case 'tooManyVaults':
      return { problem: 'more than one vault has this name', fix: 'Use the vault’s id in the reference.' };
    case 'tooManyItems':
      return {
        problem: 'more than one item has this title, or had it before it was archived',
        fix: `Use the item’s id in the reference${sameTitle.length > 0 ? `, one of ${sameTitle.join(', ')}` : ''}; or rename one.`,
      };
    case 'tooManyMatchingFields':
      return {
        problem: 'more than one field has this label',
        fix: 'Name the section in the reference: op://vault/item/section/field.',
      };
    case 'incompatibleSshKeyQueryParameterField':
      return { problem: 'the field is no SSH key', fix: 'Take ?ssh-format=openssh out of the reference.' };
    case 'parsing':
      return {
        problem: 'not a valid reference',
        fix: 'Its form is op://vault/item/field; letters, digits, space, - _ and . only. Write the id in place of any other name.',
      };
    default:
      return { problem: `1Password cannot resolve it (${error.type})`, fix: inItem };
  }
}

/** What a failure of the whole read means. */
export interface Failure {
  readonly kind: VaultErrorKind;
  readonly problem: string;
  readonly fix: string;
  /** Whether the next try may succeed by itself. Default false. */
  readonly mayPass?: boolean;
}

const unreachable = '1Password cannot be reached';

/** The SDK throws plain Errors, so their text decides; it is not repeated. */
const failures: readonly (Failure & { readonly text: RegExp })[] = [
  {
    kind: 'no-answer',
    text: /rate limit/i,
    problem: '1Password’s rate limit is reached',
    fix: 'Wait (quotas are per hour and per day), then run again; `op service-account ratelimit` shows what is left.',
  },
  {
    kind: 'refused',
    text: /desktop/i,
    problem: 'the 1Password app did not authorise this process',
    fix: 'Unlock the app, allow the SDK in its developer settings, then run again.',
  },
  {
    kind: 'no-answer',
    text: /request library|sending request|retrieving response/i,
    problem: unreachable,
    fix: 'Check the network, then run again.',
    mayPass: true,
  },
  {
    kind: 'refused',
    text: /right permissions/i,
    problem: '1Password denies access',
    fix: 'Grant the service account read access to the vault; a service account’s vaults are fixed, so it may need a new one.',
  },
  {
    kind: 'refused',
    text: /not authenticated|bad credentials|service account token|deserialization failed|DecryptingSymmetricKey/i,
    problem: '1Password refused the sign-in',
    fix: 'Set OP_SERVICE_ACCOUNT_TOKEN to a token that is valid and not revoked, or OP_ACCOUNT for the desktop app.',
  },
];

const ownFailure: Failure = {
  kind: 'no-answer',
  problem: '1Password failed',
  fix: 'Check its status page, then run again.',
  mayPass: true,
};

/** The problem and the fix of a failed read. */
export function explainFailure(error: unknown): Failure {
  const { name = '', message = '' } = error as { readonly name?: string; readonly message?: string };
  const known = failures.find(({ text }) => text.test(`${name} ${message}`));
  if (known?.problem === unreachable) return { ...known, fix: `${known.fix} ${proxyAdvice()}.` };
  return known ?? ownFailure;
}
