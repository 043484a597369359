import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { removeLeftovers } from '../../adoption/leftovers.ts';
import { leftBehind } from '../../commands/recover/leftBehind.ts';

describe('what a killed adoption left in memory', () => {
  let memory: string;
  let left: string;
  /** Of a run that is under way, of nobody, and of another program. */
  const others = [`adopt-${process.pid}-a`, 'adopt-b', 'other-1-c'];
  beforeEach(() => {
    memory = mkdtempSync(join(tmpdir(), 'memory-'));
    left = join(memory, `adopt-${spawnSync(process.execPath, ['--version']).pid}-d`);
    for (const folder of [...others.map((name) => join(memory, name)), left]) mkdirSync(folder);
  });
  afterEach(() => rmSync(memory, { recursive: true }));

  it('is taken away by the next one, and nothing of a run that is under way', () => {
    expect(removeLeftovers(memory)).toEqual([left]);
    expect(readdirSync(memory).sort()).toEqual([...others].sort());
  });

  it('is taken away by recovery, which says so once', () => {
    expect(leftBehind(false, memory)).toBe(`Removed ${left}: a killed adoption left values in the clear there.\n`);
    expect(readdirSync(memory).sort()).toEqual([...others].sort());
    expect(leftBehind(false, memory)).toBe('');
  });

  it('is only named by a recovery that looks', () => {
    expect(leftBehind(true, memory)).toBe(`Would remove ${left}: a killed adoption left values in the clear there.\n`);
    expect(readdirSync(memory)).toHaveLength(others.length + 1);
  });
});
