/** A number with its noun: `1 minute`, `3 minutes`. `many` is for a noun that takes more than an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
