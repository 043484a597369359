import { describe, expect, it } from '@jest/globals';
import { findSecrets } from '../../detection/findSecrets.ts';
import { shapeless } from '../policies/support/made.ts';

const one = shapeless();
const two = shapeless();

/** The values that are found, in the order of the text. */
function found(text: string): string[] {
  return findSecrets(text).map(({ start, end }) => text.slice(start, end));
}

describe('a value below its name', () => {
  it.each([
    ['YAML', `a:\n  DB_PASSWORD:\n    value: ${one}\n`, [one]],
    ['YAML with quotes', `"DB_PASSWORD":\n  "secret value": "${one}"\n`, [one]],
    ['YAML with lines of Windows', `DB_PASSWORD:\r\n  scopes: [a]\r\n  from: ${one}\r\n`, [one]],
    [
      'YAML after other keys',
      `DB_PASSWORD: # new\n  secret: true\n\n# when?\n  scopes:\n    - a\n  value: ${one}\n`,
      [one],
    ],
    ['YAML of every context', `api_key:\n  value: ${one}\n  otherContexts:\n    branch:next: ${two}\n`, [one, two]],
    [
      'YAML of a value’s places',
      `api_key:\n  from: op://a/b/c\n  production: ${one}\n  netlify: { otherContexts: { dev: ${two} } }\n`,
      [one, two],
    ],
    [
      'YAML of a list of places',
      `api_key:\n  netlify:\n    - otherContexts: { dev: ${one} }\n    - secret: true\n      otherContexts:\n        branch:next: ${two}\n`,
      [one, two],
    ],
    ['YAML that is a list', `- api_keys:\n  - value: ${one}\n  - value: ${two}\n`, [one, two]],
    ['YAML as a block', `api_key:\n  value: |-\n    ${one}\n`, [one]],
    ['YAML in one line', `api_key: { secret: true, value: ${one} }\n`, [one]],
    ['YAML under a namespace', `config:\n  app:apiKey:\n    type: string\n    default: ${one}\n`, [one]],
    ['YAML that is commented out', `# api_key:\n#   value: ${one}\n`, [one]],
    ['YAML of which a line is commented out', `api_key:\n  # value: ${one}\n  from: op://a/b/c\n`, [one]],
    ['JSON', `{"api_key":{"value":"${one}"}}`, [one]],
    ['JSON after other keys', `{"api_key":{"a":{"b":"}"},"c":["value"],"value":"${one}"}}`, [one]],
    ['JSON that is a list', `{"api_keys":[{"id":1,"value":"${one}"},{"value":"${two}"}]}`, [one, two]],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ api_key: { value: one } })), [one]],
    ['TypeScript', `const apiKey: Setting = {\n  scopes: ['a'],\n  value: '${one}',\n};\n`, [one]],
    ['Terraform', `variable "api_key" {\n  validation {\n    a = 1\n  }\n  default = "${one}"\n}\n`, [one]],
    ['a path', `settings.apiKey.value = '${one}';\n`, [one]],
    ['a path to production', `pulumi config set --path app:values.API_KEY.production ${one}\n`, [one]],
    ['a path to a context', `pulumi config set --path app:values.API_KEY.netlify.otherContexts.dev ${one}\n`, [one]],
    ['a path in a list', `pulumi config set --path 'app:values.API_KEY.netlify[1].otherContexts.dev' ${one}\n`, [one]],
  ])('is found in %s', (_what, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    ['a key beside it in YAML', `api_key:\nbuild:\n  value: ${one}\n`],
    ['the next of a list in YAML', `- api_key:\n- value: ${one}\n`],
    ['a key further below in YAML', `api_key:\n  build:\n    value: ${one}\n`],
    ['a key after one further below in YAML', `api_key:\n  build:\n    secretRef: a\n    value: ${one}\n`],
    ['a key beside it in JSON', `{"api_key":{"a":1},"build":{"value":"${one}"},"value":"${two}"}`],
    ['a key further below in JSON', `{"api_key":{"build":{"value":"${one}"}}}`],
  ])('is not that of %s', (_what, text) => {
    expect(found(text)).toEqual([]);
  });
});
