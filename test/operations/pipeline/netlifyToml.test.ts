import { describe, expect, it } from '@jest/globals';
import { contextDifferences, withStagingContexts } from '../../../operations/pipeline/netlifyToml.ts';

const production = `# Ours.
[build]
command = "npm run build" # the one command
publish = "dist"

[[redirects]]
from = "/*"
to = "/index.html"
`;

describe('the contexts of netlify.toml', () => {
  it('adds both, agreeing with production, and leaves every other line as it is', () => {
    const text = withStagingContexts(production);
    expect(text.startsWith(production)).toBe(true);
    expect(contextDifferences(text)).toEqual([]);
    expect(withStagingContexts(text)).toBe(text);
  });

  it('names each difference: another command, another folder, another environment, a context that is missing', () => {
    const text = `${production}
[context.production]
publish = "site"

[context.staging]
command = "npm run build:fast"

[context.staging.environment]
VITE_RUNTIME_ENV = "production"
`;
    expect(contextDifferences(text)).toEqual([
      'netlify.toml: [context.staging] command is "npm run build:fast", production\'s is "npm run build"',
      'netlify.toml: [context.staging] publish is "dist", production\'s is "site"',
      'netlify.toml: [context.staging.environment] VITE_RUNTIME_ENV is "production", not "staging"',
      'netlify.toml: [context.develop] is missing',
    ]);
  });

  it('mends in place, comments kept', () => {
    const text = withStagingContexts(`${production}
[context.staging] # for develop
command = "npm run build:fast" # faster
publish = "dist"

  [context.staging.environment]
  VITE_RUNTIME_ENV = "production"
  OTHER = "1"

[context.develop.environment]
OTHER = "1"

[functions]
directory = "f"
`);
    expect(contextDifferences(text)).toEqual([]);
    for (const kept of [
      '[context.staging] # for develop',
      'command = "npm run build" # faster',
      '  OTHER = "1"',
      '[functions]\ndirectory = "f"',
    ]) {
      expect(text).toContain(kept);
    }
  });

  it('names a variable that only one of the two has', () => {
    const text = `${withStagingContexts(production)}EXTRA = "x"\n`;
    expect(contextDifferences(text)).toEqual([
      'netlify.toml: EXTRA is nothing in [context.staging.environment] and "x" in [context.develop.environment]',
    ]);
  });
});
