/** A value of Pulumi's configuration as the engine passes it on: objects and lists are JSON, everything else is text. */
export function configurationValue(text: unknown): unknown {
  if (typeof text !== 'string' || !/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
