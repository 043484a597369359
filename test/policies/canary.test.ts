import { styleText } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@pulumi/policy';
import { jsonReport } from '../../commands/scan/report/json.ts';
import { sarifReport } from '../../commands/scan/report/sarif.ts';
import { textReport } from '../../commands/scan/report/text.ts';
import { scanSources } from '../../files/scanSources.ts';
import { diskSources } from '../../files/disk.ts';
import { forgetScan } from '../../policies/secrets/secretInCommittedFile.ts';
import { secretsPolicies } from '../../policies/secrets/policies.ts';
import { stagingPolicies } from '../../policies/staging/policies.ts';
import { fileKinds } from '../detection/corpus/fileKinds.ts';
import { shapedKinds } from '../detection/corpus/kinds.ts';
import { random } from './support/made.ts';
import { enterProgram } from './support/program.ts';
import { NotApplicable, resourceViolations, stackViolations, type Given } from './support/run.ts';
import { configuration, keyed } from './support/staging.ts';
import { plainly } from '../../machine/paint.ts';

let leave: () => void = () => undefined;
afterEach(() => leave());

/** Values of every kind, each in one line: a value of several lines is looked for by its longest line. */
const canaries = shapedKinds.map((kind) => kind.make(random).replaceAll('\n', '\\n'));
const traces = canaries.map((value) => value.split(/\\n/).sort((a, b) => b.length - a.length)[0] ?? value);

/** Resources that carry a canary wherever a resource can carry text. */
function carriers(value: string): Given[] {
  const text: Record<string, unknown> = {
    [value]: value,
    id: value,
    apiKey: value,
    list: [{ name: value, value }],
    marked: new Secret(value),
  };
  const entries = ['production', value].map((context) => ({ context, contextParameter: value, value }));
  return [
    { type: 'acme:index:Site', name: value, props: text },
    { type: 'pulumi:pulumi:Stack', name: value, props: text },
    {
      type: 'netlify:index/environmentVariable:EnvironmentVariable',
      props: { key: value, values: entries, secretValues: entries },
    },
    {
      type: 'netlify:index/environmentVariable:EnvironmentVariable',
      props: { key: `VITE_${value}_ANON_SECRET`, values: entries },
    },
    { type: 'github:index/actionsSecret:ActionsSecret', props: { secretName: value, plaintextValue: value } },
    {
      type: 'github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable',
      props: { variableName: value, value, environment: value },
    },
    {
      type: 'supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets',
      props: {
        projectRef: value,
        secrets: [
          { name: value, value },
          { name: 'DEFAULT_ORGANIZATION_ID', value },
        ],
      },
    },
    {
      type: 'github:index/branchProtectionV3:BranchProtectionV3',
      props: { branch: 'develop', requiredStatusChecks: { checks: [value] } },
    },
  ];
}

async function everything(value: string): Promise<string[]> {
  const said: string[] = [];
  for (const policy of [...secretsPolicies, ...stagingPolicies]) {
    try {
      if ('validateStack' in policy) said.push(...(await stackViolations(policy, carriers(value))));
      else for (const given of carriers(value)) said.push(...(await resourceViolations(policy, given)));
    } catch (error) {
      // Settings that the program refuses are refused here too, in a message.
      if (!(error instanceof NotApplicable)) said.push(String(error));
    }
  }
  return said;
}

function accepted(value: string): Record<string, unknown> {
  const given = configuration();
  const reference = /^[\w-]+$/.test(value) ? `op://Platform/${value}/api_key` : 'op://Platform/Item/api_key';
  Object.assign(given.values, {
    LITERAL: { value, netlify: true, actionsVariable: { environments: [value] }, localFile: true },
    VITE_KEY: { from: reference, netlify: { otherContexts: { dev: reference } }, actionsSecret: true },
    DEFAULT_ORGANIZATION_ID: { from: reference, production: reference, netlify: true, edgeFunction: true },
  });
  Object.assign(given.netlify, { site: value, team: value });
  Object.assign(given.github, { environment: value, protection: { branch: value, otherChecks: [value] } });
  return keyed(given);
}

function refused(value: string): Record<string, unknown> {
  return {
    'app:values': {
      [value]: {
        ...{ value, from: value, production: value, edgeFunction: value, localFile: [value] },
        ...{ netlify: { as: value, otherContexts: { [value]: value } }, actionsVariable: { environments: [value] } },
      },
      DEFAULT_ORGANIZATION_ID: { from: value, production: value, netlify: true, actionsSecret: true },
    },
    'app:netlify': { contexts: [value] },
    'app:github': { environment: value },
  };
}

describe('canaries of every kind', () => {
  it.each([
    ['settings that hold them where any text may stand', accepted],
    ['settings that are refused for them', refused],
  ])(
    'are in no violation of any policy, with %s',
    async (_, configure) => {
      for (const [index, value] of canaries.entries()) {
        forgetScan();
        ({ leave } = enterProgram({ 'app:value': value, ...configure(value) }, { 'a.txt': value }));
        const said = await everything(value);
        leave();
        expect(said.length).toBeGreaterThan(5);
        const trace = traces[index] ?? value;
        // Not the message itself in the comparison: a failure would print the value.
        const leaking = said
          .filter((message) => message.includes(trace))
          .map((message) => message.replaceAll(trace, '<leak>'));
        expect({ kind: shapedKinds[index]?.name, leaking }).toEqual({ kind: shapedKinds[index]?.name, leaking: [] });
      }
    },
    60_000,
  );

  it('are in no report of the scan, in no form', async () => {
    const files = Object.fromEntries(
      canaries.map((value, index) => {
        const fileKind = fileKinds[index % fileKinds.length] ?? fileKinds[0];
        return [`${index}/${fileKind?.file ?? 'a.txt'}`, fileKind?.write('value', value) ?? value];
      }),
    );
    const program = enterProgram({}, files);
    leave = program.leave;
    const findings = await scanSources(diskSources(program.folder), '');
    expect(findings.length).toBeGreaterThanOrEqual(canaries.length);
    for (const report of [
      textReport(findings, (format, text) => styleText(format, text, { validateStream: false })),
      textReport(findings, plainly),
      jsonReport(findings),
      sarifReport(findings),
    ]) {
      expect(traces.filter((trace) => report.includes(trace)).length).toBe(0);
    }
  }, 60_000);
});
