import { distance } from 'fastest-levenshtein';

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
