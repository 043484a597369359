import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { approvedBy, audited, recordDone } from '../../audit/trail.ts';
import { confirm } from '../../cli/confirm.ts';
import { withProgress } from '../../cli/interrupt.ts';
import { confirmSharedProject } from '../../cli/sharedProject.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { pulumi } from '../../engine/pulumi.ts';
import { readRecorded } from '../../engine/recorded.ts';
import { databaseUrl, openManagement } from '../../killSwitch/access.ts';
import { otherSite } from '../../rotation/otherSite.ts';
import type { Plan } from '../../rotation/plan.ts';
import { WaitsError, type Ports } from '../../rotation/ports.ts';
import { takesToken } from '../../services/takesToken.ts';
import { vaultAct } from '../../rotation/vault/audit.ts';
import { inTheWay } from '../../rotation/inTheWay.ts';
import type { ReadBy } from '../../rotation/readBy.ts';
import { Secret } from '../../secrets/secret.ts';
import type { VaultSession } from '../../secrets/vault.ts';
import { changeItem } from '../../secrets/vaultFields.ts';
import type { Api } from '../../services/door/http.ts';
import {
  acceptsApiKey,
  createApiKey,
  deleteApiKey,
  listApiKeys,
  setLegacyApiKeys,
} from '../../services/supabase/apiKeys.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';
import { deployProduction, deployStaging, productionServesSince, stagingServesSince } from './deploys.ts';
import { firstMade, writtenBetween } from './firstMade.ts';
import { explainUpdate } from './heldStack.ts';
import { hiddenAnswer } from './hiddenAnswer.ts';
import { usesOf } from './uses.ts';
import { stillHeld, type Sources } from './stillHeld.ts';
import { asAnswered, unfit } from './unfit.ts';

/** What a person typed that decides how a rotation runs. */
export interface Given {
  readonly yes: boolean;
  readonly project: string | undefined;
  /** The smoke test's command line; `undefined`: none. */
  readonly smoke: string | undefined;
  readonly timeoutMs: number;
  /** Places whose values nobody can read were checked by hand. */
  readonly checked: boolean;
  /** Code that seems not to take the new kind of key was checked by hand. */
  readonly codeChecked: boolean;
  /** Whoever still sends requests with the old key may stop. */
  readonly althoughUsed: boolean;
  /** Whether it takes a rotation back. */
  readonly back: boolean;
}

/** The services themselves. */
export function realPorts(
  staging: StagingServices,
  vault: VaultSession,
  { plan, readers }: { readonly plan: Plan; readonly readers: ReadBy },
  given: Given,
  recorded: Sources['recorded'] = () => readRecorded(staging.root, staging.stack),
): Ports {
  const { settings, root, stack, project } = staging;
  const { kind, value } = plan.subject;
  const report = (line: string) => process.stderr.write(`${line}\n`);
  let management: Promise<Api> | undefined;
  const api = () => (management ??= openManagement(settings));
  const listKeys = async () => listApiKeys(await api(), project.ref);
  /** The names at Supabase of the keys that have these values. */
  const keysOf = async (values: readonly Secret[]) =>
    kind.how === 'supabase-key'
      ? (await listKeys())
          .filter((key) => values.some((value) => value.reveal() === key.value.reveal()))
          .map(({ name }) => name)
      : [];
  let production: Promise<boolean> | undefined;
  return {
    changeItem: (reference, decide) =>
      changeItem(vault, reference, decide, (write, changes) => audited(vaultAct(reference, changes), write)),
    listKeys,
    createKey: async (type, name) => createApiKey(await api(), project.ref, { type, name }),
    deleteKey: async (key) => deleteApiKey(await api(), project.ref, key),
    setLegacyKeys: async (enabled, keys) => setLegacyApiKeys(await api(), project.ref, enabled, keys),
    accepts: (key) => acceptsApiKey(databaseUrl(settings), key),
    async update(resources, allowed) {
      const targets = resources.flatMap((resource) => ['--target', `**::${resource}`]);
      const env = allowed ? { STAGING_PRODUCTION_CHANGES: 'allow' } : {};
      const args = ['up', '--stack', stack, '--yes', '--skip-preview', ...targets];
      try {
        await withProgress(forStack('pulumi up'), pulumi(args, { cwd: root, env }), 8000);
      } catch (error) {
        throw explainUpdate(error, resources, settings);
      }
    },
    deployStaging: () => deployStaging(staging, plan, vault.access, { ...given, report }),
    stagingServesSince: (moment) => stagingServesSince(staging, moment),
    productionServesSince: (moment) => productionServesSince(staging, moment),
    deployProduction: () => deployProduction(staging, { ...given, report }),
    async stillHeld(values, written) {
      const keys = kind.how === 'supabase-key' ? await listKeys() : [];
      let reading: ReturnType<typeof recorded> | undefined;
      const sources = { ...staging, management: api, recorded: () => (reading ??= recorded()) };
      return stillHeld(sources, plan, values, writtenBetween(written, firstMade(values, keys)));
    },
    async areChecked(hidden) {
      if (given.checked) {
        approvedBy('--checked');
        return true;
      }
      if (given.yes || !process.stdin.isTTY) return false;
      report('Nobody can read what these hold:');
      for (const each of hidden) report(`  ${each}`);
      return confirm(`Does none of them hold ${value}?`, {
        ...{ yes: false, expected: 'none', otherwise: 'the old one still works' },
      });
    },
    usesOf: (old, since) => usesOf({ ref: project.ref, management: api, listed: listKeys }, old, since),
    async mayEndUsed(uses) {
      if (given.althoughUsed) {
        approvedBy('--although-used');
        report(`Ends although it is used: ${uses.join('\n  ')}`);
        return true;
      }
      if (given.yes || !process.stdin.isTTY) return false;
      report(`${value} is still used: ${uses.join('\n  ')}`);
      return confirm('May whoever sends these stop?', {
        ...{ yes: false, expected: 'stop', otherwise: 'the old one still works' },
      });
    },
    inTheWay: async (old) => [
      ...otherSite(settings, plan),
      ...unfit(readers, given).map(({ at, why }) => `${at} ${why}. ${asAnswered}`),
      ...inTheWay(readers, plan, await keysOf(old)),
    ],
    async newValue() {
      if (kind.how === 'random') return new Secret(randomBytes(32).toString('base64url'));
      if (kind.how === 'supabase-key') throw new Error('a key of Supabase’s is made by its API');
      report(`Make the new ${value} at ${kind.page}\n  ${kind.rights}`);
      return new Secret(await hiddenAnswer(`The new ${value} (it is not shown): `));
    },
    async isRightForm(what) {
      if (!process.stdin.isTTY) return false;
      return confirm(`${what} Is it the right one all the same?`, {
        ...{ yes: false, expected: 'right', otherwise: 'it is not written' },
      });
    },
    takesToken: async (token) => (kind.how === 'person' ? takesToken(kind.vendor, token) : undefined),
    async revokedByPerson() {
      if (kind.how !== 'person') return true;
      report(`Now revoke the old ${value} at ${kind.vendor}: ${kind.revoke}`);
      if (!process.stdin.isTTY)
        throw new WaitsError('There is no terminal on which you could say that it is revoked. Then, on one: --resume');
      const question = { yes: false, expected: 'revoked', otherwise: 'the old one still works' };
      return confirm('Is it revoked?', question);
    },
    async noteRevoked(old) {
      if (kind.how !== 'person') return;
      // Not this program's write: the line says by whose word it is so.
      const writes = old.map((each) => ({ place: 'token', name: kind.vendor, value: each.reveal() }));
      await recordDone({ action: 'revoked by hand', writes });
    },
    mayWriteProduction: () =>
      (production ??= confirmSharedProject(
        `Production reads what comes next. Type ${project.ref} to go on:`,
        { yes: given.yes, project: given.project, ref: project.ref },
        `nothing of production's was written. Go on later: ${forStack(`npm run rotate -- ${value} --${given.back ? 'back' : 'resume'}`)}`,
      )),
    wait: (milliseconds) =>
      milliseconds > 5000 ? withProgress('the overlap', sleep(milliseconds), 10_000) : sleep(milliseconds),
    report,
  };
}
