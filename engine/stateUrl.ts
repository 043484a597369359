/** An address that stands in a text: a scheme, and everything up to a space or a quotation mark. */
const address = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>]+/gi;

/** An address of a state: its password may hold spaces and quotation marks, so that it goes on to the line's last `@`. */
const stateAddress =
  /\b(?:postgres(?:ql)?|s3|gs|azblob|mysql|mongodb(?:\+srv)?):\/\/(?:(?![a-z][a-z0-9+.-]*:\/\/)[^\n])*@[^\s"'`<>]*/gi;

/** What Go says of an address that it cannot read, up to the part of it that it quotes. */
const quotedPart = /(\bparse ["'][^\n]*?["']: [^\n"']*)["'][^\n]*/g;

/** Schemes whose addresses hold no password, so that a message may show them whole. */
const openSchemes: readonly string[] = ['file'];

/**
 * The address of a stack's state as it may be shown: the scheme, the host and its path, never a user, a password or a
 * parameter. A password may hold `@`, `/`, `?` and `#`, and people do not always encode it: where it is not sure which
 * part is the host, the scheme alone is shown.
 */
export function shownStateUrl(url: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(url) ?? [];
  if (scheme === '') return '…';
  const at = rest.lastIndexOf('@');
  const before = rest.slice(0, Math.max(at, 0));
  const [, host = '', path = ''] = /^([^/?#]*)([^?#]*)/.exec(rest.slice(at + 1)) ?? [];
  // A `?` or `#` before the last `@` is the password's, or that `@` is a parameter's: it cannot be known.
  const isSure = !/[?#]/.test(before) && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host);
  return `${scheme}://${isSure ? host + path : '…'}`;
}

/**
 * A text without the passwords of the addresses in it, and without this environment's own state address, which may hold
 * spaces and quotation marks. What Pulumi says of a state that it cannot open repeats the whole address.
 */
export function withoutStateCredentials(text: string, env: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const own = env.PULUMI_BACKEND_URL ?? '';
  const spellings = isOpen(own) || own === '' ? [] : [own, JSON.stringify(own).slice(1, -1)];
  const without = spellings.reduce((safe, each) => safe.replaceAll(each, shownStateUrl(own)), text);
  return without
    .replace(stateAddress, shownStateUrl)
    .replace(address, (url) => (mayHoldPassword(url) ? shownStateUrl(url) : url))
    .replace(quotedPart, '$1…');
}

function isOpen(url: string): boolean {
  return openSchemes.some((scheme) => url.startsWith(`${scheme}://`));
}

/** Whether an address may hold a password: by a user before its host, or by a parameter of that kind. */
function mayHoldPassword(url: string): boolean {
  return !isOpen(url) && (url.includes('@') || /[?&#][^=]*(?:pass|pwd|secret|token|key|sig)[^=]*=/i.test(url));
}
