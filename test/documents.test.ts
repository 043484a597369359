import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fileSettings } from '../settings/stack/file.ts';

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  'sandbox/README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const linesOf = (document: string) => readFileSync(document, 'utf8').trimEnd().split('\n');

describe('README.md', () => {
  it('is read in one go', () => {
    expect(linesOf('README.md').length).toBeLessThanOrEqual(120);
  });

  it('begins with a configuration of at most 15 lines that is valid', () => {
    const [, example = ''] = /```yaml\n([^`]+)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'readme-'));
    try {
      cpSync('Pulumi.yaml', join(folder, 'Pulumi.yaml'));
      writeFileSync(join(folder, 'Pulumi.staging.yaml'), example);
      expect(fileSettings(folder, 'staging', {})).toMatchObject({ netlify: { site: 'AllIincompassing' } });
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });
});

describe.each(documents)('%s', (document) => {
  it('leads to files that are there', () => {
    const links = [...readFileSync(document, 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].map(
      ([, link = '']) => link,
    );
    const broken = links.filter((link) => !existsSync(join(dirname(document), link)));
    expect(broken).toEqual([]);
  });

  it('has tables that fit on a screen', () => {
    expect(linesOf(document).filter((line) => /^ *\|/.test(line) && line.length > 160)).toEqual([]);
  });
});
