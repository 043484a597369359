import { describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { commandScripts, definitions } from '../../cli/definitions.ts';
import { loadByNode } from '../support/nodeRequire.ts';
import { cases as ofCommands } from './commands.ts';
import { rows } from './rotation/rows.ts';

/** A rotation's rows begin at its steps, in a world of their own: what they write would change what the others read. */
const cases = [...ofCommands, ...rows];

/** The modules by which a command reaches a service. A new way out of this project has to be named here. */
const ways: readonly (readonly [RegExp, string])[] = [
  [/^services\/netlify\//, 'netlify'],
  [/^services\/github\//, 'github'],
  [/^services\/supabase\/supabase\.ts$/, 'supabase'],
  [/^services\/supabase\/management\.ts$/, 'supabaseManagement'],
  [/^secrets\/vault\.ts$/, 'onepassword'],
  [/^alerts\/send\.ts$/, 'slack'],
  [/^commands\/pullRequestComment\/post\.ts$/, 'github'],
  [/^commands\/previewSmoke\/checks\/session\.ts$/, 'supabase'],
  [/^commands\/previewSmoke\/checks\/sitePage\.ts$/, 'site'],
  [/^commands\/drift\/checks\/runningSite\.ts$/, 'site'],
];
/** These pass on what others send, compare an address, or know the errors. */
const carriers =
  /^(?:services\/door\/|deploys\/runtimeConfig\.ts$|commands\/(?:previewSmoke\/(?:command|run|checks\/signInForm)|doctor\/thrown)\.ts$)/;

/** Services that a command can reach and that have no row, each with the reason. */
const without: Readonly<Record<string, string>> = {
  'render onepassword': 'it shares the components, and calls nothing: --help promises that it needs no access',
  'render netlify': 'the same',
  'incident onepassword': 'the key of the row comes from where the kill switch reads its own, which has rows',
  'killSwitch github': '--redeploy runs what deploy trigger runs, which has rows',
};

const calls = commandScripts(process.cwd()).flatMap(({ entry, verb }) => {
  const [, name] = /^commands\/(\w+)\/command\.ts$/.exec(entry) ?? [];
  return name === undefined ? [] : [{ entry: name, verb }];
});
const entries = [...new Set(calls.map(({ entry }) => entry))];
const { inputs } = buildSync({
  entryPoints: entries.map((entry) => `commands/${entry}/command.ts`),
  ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external' },
  ...{ write: false, metafile: true, outdir: 'dist/none', logLevel: 'silent' },
}).metafile;

function reachedFrom(entry: string): string[] {
  const seen = new Set([`commands/${entry}/command.ts`]);
  for (const file of seen) {
    for (const { path } of inputs[file]?.imports ?? []) if (inputs[path] !== undefined) seen.add(path);
  }
  return [...seen];
}

function servicesOf(entry: string): string[] {
  const files = reachedFrom(entry);
  return [...new Set(ways.filter(([way]) => files.some((file) => way.test(file))).map(([, service]) => service))];
}

describe('the fault matrix', () => {
  it.each(entries)('has a row for each service that %s calls', (entry) => {
    const rows = new Set(cases.filter((one) => one.entry === entry).map(({ service }) => service));
    const missing = servicesOf(entry).filter(
      (service) => !rows.has(service) && without[`${entry} ${service}`] === undefined,
    );
    expect(missing).toEqual([]);
  });

  it.each([
    ['--resume', []],
    ['--back', []],
    // Without the vault nobody can say what leaked: nothing is begun that could go on.
    ['--leaked', ['onepassword']],
  ] as const)('has rows for each service of rotate %s', (way, none) => {
    const own = new Set(rows.filter(({ args }) => args.includes(way)).map(({ service }) => service));
    expect(servicesOf('rotate').filter((service) => !own.has(service))).toEqual(none);
  });

  const calling = entries.filter((entry) => servicesOf(entry).length > 0);
  it('has a row for each verb of a command that calls a service', async () => {
    const defined = await definitions(process.cwd(), loadByNode);
    const missing = calling.flatMap((entry) => {
      const verbs = defined.get(`commands/${entry}/command.ts`)?.verbs ?? [];
      const isThere = (verb: string) => cases.some((one) => one.entry === entry && one.args[0] === verb);
      return verbs.flatMap(({ name }) => (isThere(name) ? [] : [`${entry} ${name}`]));
    });
    expect(missing).toEqual([]);
    expect(defined.get('commands/killSwitch/command.ts')?.verbs).toHaveLength(4);
  }, 120_000);

  it('leaves no service out without need', () => {
    const stale = Object.keys(without).filter((pair) => {
      const [entry = '', service = ''] = pair.split(' ');
      return (
        !servicesOf(entry).includes(service) || cases.some((one) => one.entry === entry && one.service === service)
      );
    });
    expect(stale).toEqual([]);
  });

  it('knows every way out of the commands', () => {
    const door = /^services\/door\/(?:door|ask|sdkFetch)\.ts$/;
    const unknown = Object.entries(inputs)
      .filter(([file, { imports }]) => !carriers.test(file) && imports.some(({ path }) => door.test(path)))
      .map(([file]) => file)
      .filter((file) => !ways.some(([way]) => way.test(file)));
    expect(unknown).toEqual([]);
  });
});
