import * as pulumi from '@pulumi/pulumi';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Judged } from '../../guards/judged.ts';
import { guardMessages } from '../../guards/messages.ts';

const name = 'A Colleague\n::add-mask::x\u001b[2J';

describe('what the program tells the engine', () => {
  const before = { ...pulumi.log };
  let said: string[];
  beforeEach(() => {
    said = [];
    const record = (message: string) => Promise.resolve(void said.push(message));
    Object.assign(pulumi.log, { info: record, warn: record, error: record });
  });
  afterEach(() => void Object.assign(pulumi.log, before));

  it('begins no workflow command and steers no terminal, whatever a service calls somebody', async () => {
    guardMessages();
    for (const level of ['info', 'warn', 'error'] as const) await pulumi.log[level](`changed by ${name}`);
    expect(said).toEqual(Array(3).fill('changed by A Colleague\n: :add-mask::x\uFFFD[2J'));
  });

  it('is one line where it is a refusal', async () => {
    const reason = new Error(`Refused: changed by ${name}.`);
    const refusal = new Judged().before(() => Promise.reject(reason))({} as never);
    await expect(refusal).rejects.toThrow(/^Refused: changed by A Colleague ::add-mask::x\uFFFD\[2J\.$/);
    await expect(refusal).rejects.toMatchObject({ cause: reason });
  });
});
