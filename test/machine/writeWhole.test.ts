import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runs } from '../../machine/runs.ts';
import { writeWhole } from '../../machine/writeWhole.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whole-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a file that is written whole', () => {
  it('is made with its folder, replaced, and closed to others from then on', () => {
    const file = join(folder, 'new', 'file');
    writeWhole(file, 'one');
    writeWhole(file, new Uint8Array([0x32]), 0o600);
    expect(readFileSync(file, 'utf8')).toBe('2');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'new'))).toEqual(['file']);
  });

  it('takes no notice of what a killed run of the same process id left', () => {
    const file = join(folder, 'file');
    writeFileSync(`${file}.${process.pid}.tmp`, 'half', { mode: 0o644 });
    writeWhole(file, 'whole', 0o600);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['whole', 0o600]);
  });

  it('stays as it was when it cannot be written, and nothing is left beside it', () => {
    const file = join(folder, 'folder');
    writeWhole(join(file, 'inside'), 'kept');
    expect(() => writeWhole(file, 'text')).toThrow();
    expect(readdirSync(folder)).toEqual(['folder']);
  });
});

describe('a process', () => {
  it('runs, or does not', () => {
    expect(runs(process.pid)).toBe(true);
    expect(runs(2 ** 22 + 1)).toBe(false); // above Linux's highest
  });
});
