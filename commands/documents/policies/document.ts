import type { Policies } from '@pulumi/policy';
import { format } from 'prettier';
import { nameRules, shapeRules } from '../../../detection/rules/index.ts';
import { secretsPolicies } from '../../../policies/secrets/policies.ts';
import { stagingPolicies } from '../../../policies/staging/policies.ts';

type Policy = Policies[number];

interface Property {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
}

/** Whether a policy judges one resource at a time, or the whole plan. */
function scope(policy: Policy): string {
  return 'validateStack' in policy ? 'the whole stack' : 'each resource';
}

/** A policy whose level is `remediate` changes nothing here: the engine enforces what it reports as mandatory. */
function level({ enforcementLevel = 'mandatory' }: Policy): string {
  return enforcementLevel === 'remediate' ? 'mandatory' : enforcementLevel;
}

function configuration({ configSchema }: Policy): string {
  if (!configSchema) return '';
  const rows = Object.entries(configSchema.properties as Record<string, Property>).map(
    ([name, { type, description = '', default: preset }]) =>
      `- \`${name}\` (${[type].flat().join(', ')}): ${description}${preset === undefined ? '' : ` Default: \`${JSON.stringify(preset)}\`.`}`,
  );
  return ['', '**Configuration.**', '', ...rows].join('\n');
}

function section(policy: Policy): string {
  const { name, displayName = name, description, severity = 'medium', remediationSteps = '' } = policy;
  return [
    `### ${displayName}`,
    '',
    `\`${name}\` · ${level(policy)} · severity ${severity} · judges ${scope(policy)}`,
    '',
    description,
    '',
    `**Remedy.** ${remediationSteps}`,
    configuration(policy),
  ].join('\n');
}

function pack(name: string, about: string, policies: Policies): string {
  return [`## policies/${name}`, '', about, '', ...policies.map((policy) => `${section(policy)}\n`)].join('\n');
}

function detection(): string {
  const rows = [...shapeRules, ...nameRules].map(
    ({ id, severity, summary }) => `| \`${id}\` | ${severity} | ${summary} |`,
  );
  return [
    '## What counts as a secret',
    '',
    'One rule set serves the policies, `npm run scan`, the pre-commit hook and CI. It reads through the escapes of JSON, JavaScript and HTML, and through base64. Examples, masked values and references are no findings.',
    '',
    '| Rule | Severity | Finds |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'With access to 1Password, `npm run scan` also searches for the actual sensitive values (rule `vault-value`), in every spelling: it finds what has no known shape.',
    '',
    "`npm run scan -- --history [PATH]` reads everything that a repository's history ever held, each content once, on every branch, tag and stash, with the commits' messages. What many versions of a file hold is one finding, with its oldest commit. An interrupted run goes on where it was.",
    '',
    'What leaked is replaced by `npm run rotate -- --leaked` ([rotation](rotation.md#a-leak)); it takes the report (`--json`), or the fingerprint that the report prints.',
    '',
    'A reviewed exception is one line in `.scan-exceptions`: `FILE RULE FINGERPRINT until YYYY-MM-DD because REASON`. The report of `npm run scan` prints its beginning. It covers that one value in that one file until that day; a value from the vault cannot be excepted.',
  ].join('\n');
}

/** docs/policies.md, made of the policies and rules that run. */
export async function policiesDocument(): Promise<string> {
  const text = [
    '# Policies',
    '',
    '<!-- Written by `npm run docs:policies`; do not edit. -->',
    '',
    'Both packs are loaded with `pulumi preview --policy-pack policies/secrets --policy-pack policies/staging`, and can be used separately, by other programs too. A violation names the place and the remedy, never a value. Configuration is a JSON file: `--policy-pack-config FILE`, with one object a policy.',
    '',
    pack(
      'secrets',
      'For any program: no raw secret where a plan, the state, a log or the repository would show it.',
      secretsPolicies,
    ),
    pack(
      'staging',
      'For staging environments configured as this one is (`<project>:netlify` and `<project>:github` in the stack’s configuration).',
      stagingPolicies,
    ),
    detection(),
  ].join('\n');
  return format(text, { parser: 'markdown', printWidth: 120 });
}
