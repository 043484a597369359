/** A secret of the project, without the blanks around it; `undefined` when it is empty. */
export function secret(name: string): string | undefined {
  const value = Deno.env.get(name)?.trim();
  return value === '' ? undefined : value;
}

/** One that a function cannot work without. */
export function neededSecret(name: string): string {
  const value = secret(name);
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
