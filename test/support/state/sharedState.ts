import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shortly, drift } from '../drift/driftProject.ts';
import { changeByHand } from '../drift/handChange.ts';
import { interruptedUpdate } from './interruptedUpdate.ts';
import { killAll } from '../killTree.ts';
import { expectFine, startProject, type Project } from '../project.ts';
import type { StateServer } from './stateServer.ts';
import { productionValues, writesSince } from '../writes.ts';

/** A password with everything in it that an address has to encode. */
const word = `w@rd/${randomBytes(8).toString('hex')}?#:`;
const key = 'SUPABASE_SERVICE_ROLE_KEY';
/** Who holds a stack that this test locks. */
const holder = `\\S+@${hostname().replaceAll('.', '\\.')} \\(process \\d+\\) since \\d{4}-\\d\\d-\\d\\dT\\S+`;

/** What has to hold wherever a team keeps the state: adoption, two updates at once, a kill, recovery, drift, a state brought back. */
export function sharedStateTests(name: string, start: (word: string) => Promise<StateServer>): void {
  describe(`a state in ${name}`, () => {
    let server: StateServer;
    let project: Project;
    let production: string[];
    const recover = (...args: string[]) => project.command('commands/recover/command.ts', args);
    const update = () => project.pulumi(['up', '--yes', '--skip-preview']);
    const rotate = (label: string) => project.sandbox.standIns().onepassword.vault.rotate(label);

    beforeAll(async () => {
      server = await start(word);
      project = await startProject({ environment: server.environment });
      project.configure(['github:writeDelayMs'], '1');
      production = productionValues(project);
    }, 900_000);
    afterAll(async () => {
      await project.close();
      await server.close();
    });

    it('adopts, provisions and is in order', async () => {
      await expectFine(project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']));
      await expectFine(update());
      expect(await expectFine(recover())).toContain('Nothing to recover: no lock');
    }, 300_000);

    it('lets one of two updates at once in; the other one and recovery name who holds it', async () => {
      rotate('openai_api_key');
      const put = { service: 'netlify', method: 'PUT', connection: 'hang', afterEffect: true } as const;
      const { update: first, processes } = await interruptedUpdate(project, [put]);
      const [second, refused] = [await update(), await recover('--yes')];
      expect([second.code === 0, second.output]).toEqual([
        false,
        expect.stringContaining('currently locked by 1 lock'),
      ]);
      expect([refused.code, refused.output]).toEqual([1, expect.stringMatching(holder)]);
      expect(refused.output).toContain(`(process ${processes[0] ?? 0})`);
      expect(refused.output).toContain('and that process runs');
      expect(refused.output + second.output).not.toContain(word);
      killAll(processes);
      await first;
      project.sandbox.faults.set([]);
    }, 300_000);

    it('is put in order after a kill, by one question', async () => {
      const begun = project.sandbox.log().length;
      const unasked = await recover();
      expect(unasked.output).toMatch(new RegExp(`unlock +held by ${holder}, which is dead`));
      expect([unasked.code, unasked.output]).toEqual([1, expect.stringContaining('Add --yes')]);
      expect(await expectFine(recover('--yes'))).toContain('The stack is in order.');
      expect(writesSince(project, begun)).toEqual([]);
      expect(await expectFine(recover())).toContain('Nothing to recover: no lock');
    }, 300_000);

    it('takes a copy of an older state back', async () => {
      rotate('service_role_key');
      const copy = await expectFine(project.pulumi(['stack', 'export']));
      await expectFine(update());
      await expectFine(project.pulumi(['stack', 'import'], { input: copy }));
      // Production has a value of this secret key, and the copy does not know that the newer one is this stack's own.
      const refused = await update();
      expect([refused.code === 0, refused.output]).toEqual([false, expect.stringContaining(`${key} was changed on`)]);
      await expectFine(recover('--yes', '--arrived', key));
      await expectFine(update());
      await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
      expect(productionValues(project)).toEqual(production);
    }, 300_000);

    it('shows what was changed by hand', async () => {
      changeByHand(project, 'DEFAULT_ORGANIZATION_ID', 'by-hand');
      const { found, errors } = await drift(project);
      expect([shortly(found), errors]).toEqual([[['organization-production-differs', 'critical', 'ask']], []]);
    }, 300_000);
  });
}
