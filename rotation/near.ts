/** How many letters have to be put in, left out, replaced or swapped to make one text the other. */
function distance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of one.split('').entries()) {
    const next = [row + 1];
    for (const [column, wanted] of other.split('').entries()) {
      const replaced = (before[column] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (before[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    before = next;
  }
  return before.at(-1) ?? 0;
}

/** The names that somebody may have meant, the nearest first: a few wrong letters, or a part of the name. */
export function nearNames(given: string, known: readonly string[], most = 3): string[] {
  const wanted = given.toUpperCase().replaceAll('-', '_');
  const rated = [...new Set(known)].map((name) => {
    const isPart = wanted.length >= 4 && (name.toUpperCase().includes(wanted) || wanted.includes(name.toUpperCase()));
    return { name, far: isPart ? 1 : distance(wanted, name.toUpperCase()) };
  });
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return rated
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ name }) => name);
}
