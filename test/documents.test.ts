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

describe('a decision', () => {
  const decisions = readdirSync('docs/decisions').filter((name) => /^\d{4}-/.test(name));

  it.each(decisions)('has a status with a date, its reason and what follows: %s', (name) => {
    const text = readFileSync(join('docs/decisions', name), 'utf8');
    expect(text).toMatch(/^\*\*Status\.\*\* (Accepted|Superseded by \d+), 20\d\d-\d\d-\d\d/m);
    for (const part of ['Context', 'Decision', 'Consequences?'])
      expect(text).toMatch(new RegExp(`^\\*\\*${part}\\.`, 'm'));
  });

  it('is in the list', () => {
    const list = readFileSync('docs/decisions/README.md', 'utf8');
    const title = (name: string) => linesOf(join('docs/decisions', name))[0]?.replace('# ', '') ?? '';
    expect(list.split('\n').filter((line) => line.startsWith('- '))).toEqual(
      decisions.map((name) => `- [${title(name)}](${name})`),
    );
  });
});
