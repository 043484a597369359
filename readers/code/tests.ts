import { posix } from 'node:path';

/** Whether a file is a test's, by the names that the usual tools go by. */
export function isTest(file: string): boolean {
  const name = posix.basename(file);
  const parts = file.split('/').slice(0, -1);
  return (
    /\.(test|spec|cy|e2e|stories)\.[cm]?[jt]sx?$/.test(name) ||
    parts.some((part) =>
      ['__tests__', '__mocks__', 'test', 'tests', 'e2e', 'cypress', 'playwright', 'fixtures'].includes(part),
    ) ||
    ['vitest', 'jest', 'playwright', 'cypress'].some((tool) => name.startsWith(`${tool}.`))
  );
}
