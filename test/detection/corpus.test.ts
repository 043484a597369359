import { describe, expect, it } from '@jest/globals';
import { findSecrets } from '../../detection/findSecrets.ts';
import { fileKinds } from './corpus/fileKinds.ts';
import { kinds } from './corpus/kinds.ts';
import { lookAlikes } from './corpus/lookAlikes.ts';
import { Random } from './corpus/random.ts';

const seed = Number(process.env.CORPUS_SEED ?? Date.now() % 2 ** 32);
const random = new Random(seed);

describe(`detection over a corpus made up from seed ${seed} (CORPUS_SEED repeats it)`, () => {
  it('knows enough kinds of secrets, files and look-alikes to mean something', () => {
    expect(new Set(kinds.map(({ name }) => name)).size).toBeGreaterThanOrEqual(15);
    expect(new Set(fileKinds.map(({ name }) => name)).size).toBeGreaterThanOrEqual(10);
    expect(new Set(lookAlikes.map(({ name }) => name)).size).toBeGreaterThanOrEqual(60);
  });

  it.each(kinds.map((kind) => [kind.name, kind] as const))(
    'finds %s in every kind of file, once, where it stands',
    (_name, kind) => {
      for (const fileKind of fileKinds) {
        const value = kind.make(random);
        const { name, file } = fileKind;
        const text = fileKind.write(kind.variable, value);
        const found = findSecrets(text, { file }).filter(({ severity }) => severity === 'error');
        expect({ in: name, found: found.length }).toEqual({ in: name, found: 1 });
        const [{ start, end } = { start: 0, end: 0 }] = found;
        const part = text.slice(start, end);
        expect(part.length).toBeGreaterThan(10);
        expect(part.includes(value.slice(-8)) || value.includes(part) || part.includes('PRIVATE KEY')).toBe(true);
      }
    },
  );

  it.each(lookAlikes.map((one) => [one.name, one] as const))('stays silent over %s', (name, lookAlike) => {
    for (let round = 0; round < 5; round++) {
      const found = findSecrets(lookAlike.write(random), { file: lookAlike.file });
      const warned = ['anon key', 'publishable key'].includes(name) ? ['warning'] : [];
      expect(found.map(({ severity, rule }) => (severity === 'error' ? rule : severity))).toEqual(warned);
    }
  });
});
