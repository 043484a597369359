import type { Secret } from '../secrets/secret.ts';
import { beginningOf } from './vendors.ts';

/** What a token shows of itself: whose it is, and no part of the secret. */
interface Form {
  readonly vendor?: string;
  /** What a vendor's tokens of a kind begin with. It may be shown: it is the same in all of them. */
  readonly beginning?: string;
  /** What distinguishes it from others, to be compared and never shown: an address's host, a word before the first mark. */
  readonly mark: string;
}

function formOf(token: Secret): Form {
  const text = token.reveal();
  const known = beginningOf(token);
  // Addresses of one host are of one form, whoever answers there: a relay, a stand-in.
  const address = /^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const mark = address ? `${address.protocol}//${address.host}` : (/^[a-z]{2,10}[-_]/.exec(text)?.[0] ?? '');
  if (address) return { mark };
  return known === undefined ? { mark } : { ...known, mark };
}

/**
 * Why a new token may be the wrong one, as the end of a sentence that begins with it, or `undefined`. One of the same vendor
 * is right in whatever form (`ghp_…`, then `github_pat_…`); so is the first of `vendor`, who makes it, that has a mark.
 */
export function otherForm(old: Secret, fresh: Secret, vendor: string): string | undefined {
  const [before, now] = [formOf(old), formOf(fresh)];
  if (before.vendor !== undefined || now.vendor !== undefined) {
    if (before.vendor === now.vendor) return undefined;
    if (before.vendor === undefined && before.mark === '' && now.vendor === vendor) return undefined;
  } else if (before.mark === now.mark) return undefined;
  const shown = before.beginning === undefined ? '' : ` (${before.beginning}…)`;
  const instead = now.vendor === undefined ? '' : `, but as a token of ${now.vendor} (${now.beginning ?? ''}…)`;
  return `does not begin as the old one does${shown}${instead}`;
}
