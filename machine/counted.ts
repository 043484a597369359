/** The first few of a list, for people, and how many more there are. */
export function firstFew(all: readonly string[], one: string, { most = 5, many = `${one}s` } = {}): string {
  const rest = all.length - most;
  return `${all.slice(0, most).join(', ')}${rest > 0 ? ` and ${counted(rest, one, many)} more` : ''}`;
}

/** A number with its noun: `1 minute`, `3 minutes`. `many` is for a noun that takes more than an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
