/** What 1Password's SDK takes in the name of a vault, an item, a section or a field. */
const namePart = /^[A-Za-z0-9_.-]+(?: +[A-Za-z0-9_.-]+)*$/;
const notAllowed = /[^A-Za-z0-9_. /-]/u;

const prefix = 'op://';

/** The one query that gives a value which stays the same. */
const openSsh = 'ssh-format=openssh';

/** How references are written, for messages. */
export const referenceForm = 'a 1Password reference: op://vault/item/field';

/** What {@link referenceProblem} takes, for an editor. */
export const referencePattern = ((part) => `^op://${part}/${part}/${part}(/${part})?([?]${openSsh})?$`)(
  namePart.source.slice(1, -1),
);

/** The names in a reference, from the vault's on; without its query. */
export function namesIn(reference: string): string[] {
  return (reference.slice(prefix.length).split('?')[0] ?? '').split('/');
}

/**
 * Why a text is no reference that 1Password's SDK resolves to a lasting value: `op://vault/item/field` or
 * `op://vault/item/section/field`, with `?ssh-format=openssh` for an SSH key. `undefined` when it is one. Of a text that does
 * not begin with `op://` nothing is repeated: it may be a secret.
 */
export function referenceProblem(text: string): string | undefined {
  if (!text.startsWith(prefix)) return `must be ${referenceForm}`;
  const [path = '', query, ...rest] = text.slice(prefix.length).split('?');
  if (query !== undefined && (rest.length > 0 || query !== openSsh)) {
    return /^attribute=t?otp$/.test(query)
      ? 'must not be a one-time password: it is another one every 30 seconds'
      : `has a query that 1Password’s SDK does not take: only ?${openSsh}`;
  }
  const parts = namesIn(text);
  const [odd] = notAllowed.exec(path) ?? [];
  if (odd !== undefined) {
    const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(odd)
      ? odd
      : `U+${(odd.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
    return `has a ${shown} in a name, which 1Password’s SDK does not take: write the id in its place (op item get TITLE --format json), or rename it in 1Password`;
  }
  if (parts.length < 3 || parts.length > 4 || parts.some((part) => !namePart.test(part)))
    return `must be ${referenceForm}`;
  return undefined;
}
