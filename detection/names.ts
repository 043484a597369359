/** Words for a password in other languages, which are whole wherever they stand: one list for {@link sensitiveWord} and for names of passwords. */
export const passwordWords =
  /kennwort|wachtwoord|l[öo]senord|adgangskode|kodeord|passord|salasana|jelsz[óo]|\bclave\b|lozinka|slaptažodis|пароль|密[码碼]|パスワード|비밀번호/i
    .source;

/** Finds the part of a name that says "this is secret"; `match.index` and its length give the place. */
export const sensitiveWord = new RegExp(
  `${passwordWords}|${
    /passw(?:or)?[dt]|mot[_\-. ]?de[_\-. ]?passe|\bmdp\b|contrase(?:ñ|n)a|\bsenha|has(?:ł|l)o\b|heslo\b|[şs]ifre\b|\bparola\b|sonar\.login\b|passphrase|passwd|passcode|\bpwd|_pwd|(?:db|database|user|smtp|mail|redis|pg|sql|root|admin|ftp)[_\-. ]?pass(?![a-z])|(?<![a-z])pass(?![a-z])|secret[_\-. ]?key|secret|token|credential|api[_\-. ]?key|(?:access|private|service|role|account|shared|signing|signature|encryption|crypto|cipher|master|auth|storage|admin|deploy|webhook|license|session|hmac|jwt|app|application|client|server|root|ssh|write|read|rest|primary|secondary|subscription|integration|security|consumer|license|anon)[_\-. ]?key|[A-Z0-9]_KEY\b|connection[_\-. ]?string|webhook|bearer|\bauthorization\b|\b_?auth\b|\bdsn\b|\bsas\b|service[_\-. ]role|\bcreds?\b/
      .source
  }`,
  'gi',
);

/** Names of what is made to be seen. */
const publishable = /public|publishable|anon(?:[_\-. ]?key|(?![a-z]))/i;

/** Names that hold a sensitive word but name something beside the secret. */
const harmless =
  /csrf|xsrf|idempoten|pagination|(?:page|next|continuation|sync|cancel\w*|design|css|theme|syntax|lexer?|parser|color)[_\-. ]?token|tokeniz|(?:cache|sort|partition|primary|foreign|object|row|translation|i18n|react|query|storage|local|cookie|map|dedup\w*|hash|lookup|group|index|range|shard|routing|idx|unique|composite|natural|turn|mon|don)[_\-. ]?keys?(?![a-z])|integrity|checksum|digest|fingerprint|\bsha\d*(?![a-z])|etag|hash|encrypted|ciphertext|secretar|site[_\-. ]?key|captcha[_\-. ]?key|thumbprint/i;

/** What follows the sensitive word when the name is about the secret and does not hold it. */
const aboutSecret =
  /^s?[_\-. ]?(?:ids?|names?|uri|urls?|files?|paths?|dirs?|folders?|types?|kinds?|lengths?|sizes?|counts?|limits?|max|min|ttl|expir\w*|expires?\w*|issued\w*|created\w*|updated\w*|rotat\w*|versions?|arn|refs?|references?|headers?|fields?|patterns?|regexp?|prefix|suffix|formats?|endpoints?|algorithms?|alg|issuers?|audience|scopes?|status|state|labels?|titles?|descriptions?|placeholders?|hints?|policy|policies|store|provider|manager|service|selector|env|var|variable|keys?_?id|columns?|tables?|required|enabled|disabled|rules?|index|hash\w*|digest|checksum|fingerprint|reset|strength|usage|budget|price|cost|vault|backend|annotations?)(?![a-z])/i;
const aboutSecretCamel =
  /^s?(?:Ids?|Names?|Uri|URL|Urls?|Files?|Paths?|Dir|Type|Kind|Length|Size|Count|Limit|Max|Min|TTL|Expir\w*|Issued\w*|Created\w*|Updated\w*|Version|Arn|ARN|Refs?|References?|Header|Field|Pattern|Regex|Prefix|Suffix|Format|Endpoint|Algorithm|Issuer|Audience|Scopes?|Status|State|Label|Title|Description|Placeholder|Hint|Policy|Store|Provider|Manager|Service|Env|Var|Hash\w*|Digest|Checksum|Fingerprint|ID)/;

/** Whether a name says that everybody may see its value: `anon_key`, `publishable key`, `public_map_token`. */
export function isPublishableName(name: string): boolean {
  return publishable.test(name);
}

/** Names of keys by which a program finds a version or a layout. */
const identifying = /(?:^|[_\-. a-z])(?:version|layout)[_\-. ]?keys?$/i;

/**
 * Whether a key of this name finds something rather than opens it: `version_key`. Only for a scan of files, where such a name is
 * a column or a property; the name of a variable or a setting stays sensitive.
 */
export function isIdentifyingName(name: string): boolean {
  return identifying.test(name);
}

/** Whether `name` says that its value is secret; `word` is the place of a match of `sensitiveWord` in it. */
export function isSensitiveAt(name: string, wordEnd: number): boolean {
  if (isPublishableName(name) || harmless.test(name)) return false;
  const rest = name.slice(wordEnd);
  if (/webhook$/i.test(name.slice(0, wordEnd)) && /^s?[_\-. ]?ur[il]/i.test(rest)) return true;
  return !aboutSecret.test(rest) && !aboutSecretCamel.test(rest);
}

/** Whether a variable or property of this name holds a secret: `OPENAI_API_KEY` does; `SUPABASE_ANON_KEY`, `tokenUrl`, `publicKey` do not. */
export function isSensitiveName(name: string): boolean {
  for (const match of name.matchAll(sensitiveWord)) {
    if (isSensitiveAt(name, match.index + match[0].length)) return true;
  }
  return false;
}

/** Prefixes that build tools copy into what the browser downloads. */
const browserPrefixes =
  /^(?:VITE|PUBLIC|NEXT_PUBLIC|NUXT_PUBLIC|REACT_APP|EXPO_PUBLIC|GATSBY|VUE_APP|SVELTE_PUBLIC|STORYBOOK|NG_APP|PARCEL_PUBLIC)_/;

/** The browser-exposed prefix of a variable's name, without its underscore; nothing when it has none. */
export function browserPrefix(name: string): string | undefined {
  return browserPrefixes.exec(name)?.[0].slice(0, -1);
}
