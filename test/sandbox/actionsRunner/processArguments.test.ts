import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { ProcessArguments } from '../../../sandbox/actionsRunner/processArguments.ts';

describe('the arguments of a running step', () => {
  it('are searched for secrets, those of other processes are not', async () => {
    const [seen, elsewhere, hidden] = [0, 1, 2].map(() => randomBytes(12).toString('hex')) as [string, string, string];
    const start = async (argument: string, environment: Readonly<Record<string, string>>) => {
      const child = spawn('/bin/sh', ['-c', 'echo runs; read line', 'sh', argument], { env: environment });
      await once(child.stdout, 'data');
      return child;
    };
    const mark = `RUNNER_TEMP=/${randomBytes(8).toString('hex')}`;
    const [, temp = ''] = mark.split('=');
    const children = [
      await start(`--env=A=${seen}`, { RUNNER_TEMP: temp, HIDDEN: hidden }),
      await start(`--env=A=${elsewhere}`, {}),
    ];
    const search = new ProcessArguments(mark, { SEEN: seen, ELSEWHERE: elsewhere, HIDDEN: hidden, EMPTY: '' });
    search.look();
    for (const child of children) child.stdin.end();
    expect(search.found).toEqual(['SEEN']);
  }, 60_000);
});
