import { audited } from '../../audit/trail.ts';
import { resolveReferences, type Wanted } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import { fileSettings, fileValue } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import type { Settings } from '../../settings/settings.ts';
import { configurationFile } from '../../settings/stack/stackFile.ts';
import { unsafeResources } from '../../adoption/unsafe.ts';
import { adopted, guardedFromDestroy, merged, nameOf, type Export } from '../../engine/deployment.ts';
import { ownReferences, withOwnSecrets } from '../../adoption/functionSecrets.ts';
import { importExisting } from '../../adoption/importExisting.ts';
import type { Existing } from '../../adoption/existing.ts';
import { planAdoption, type AdoptionPlan } from '../../adoption/plan.ts';
import { readExisting } from '../../adoption/readExisting.ts';
import { withSeenTimes } from '../../adoption/seenTimes.ts';
import { withVaultValues } from '../../adoption/vaultValues.ts';
import { writeProtection } from '../../adoption/writeProtection.ts';
import { counted } from '../../machine/counted.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode } from '../../cli/errors.ts';
import { flag, stack, yes } from '../../cli/options.ts';
import { program } from '../../cli/program.ts';
import { confirm } from '../../cli/confirm.ts';
import { attemptInTimeline } from '../../incidents/timeline.ts';
import { missingConsent, refuseMissing } from '../../cli/missing.ts';
import { interruptible, withProgress } from '../../cli/interrupt.ts';
import { exportedStack } from '../../engine/exportedStack.ts';
import { pulumi } from '../../engine/pulumi.ts';
import { pendingOperations } from '../../recovery/pending.ts';
import { declaredTwice, otherStacks } from '../../settings/stack/otherStacks.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';
import { columns } from '../../machine/columns.ts';

const about = `
Takes over what a team has already: the variables on Netlify, the Actions secrets and the branch protection on GitHub
that the configuration declares. It reads them into the stack's state and writes to no service: no value changes and
nothing is absent at any moment. The \`pulumi preview\` after it shows only true differences.

It shows what it will do first, and what must be settled before: a live value that is not declared, a setting that
cannot be kept.
`;

const more = `
It needs NETLIFY_API_TOKEN and GITHUB_TOKEN (reading is enough) and access to the stack's state. With 1Password at hand
the values that Netlify never shows again are recorded too: as the vault has them. Netlify replaces all values of a key
at once, so the next \`pulumi up\` writes the vault's value of such a key for production as well. Nobody but you can see
whether it is the same, so that is asked separately, and \`--yes\` does not answer it.

Exit codes: 0 adopted, or nothing to adopt; 1 it cannot go on.
`;

export const command = program(
  define('adopt', about)
    .addOption(flag('--dry-run', 'show the plan, do nothing'))
    .addOption(yes)
    .addOption(
      flag(
        '--production-from-vault',
        "the vault's values are the ones that production reads: you have compared them (see below)",
      ),
    )
    .addOption(flag('--json', 'the plan as JSON'))
    .addOption(stack)
    .action(ends(adopt)),
  { more },
);

interface Given {
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly productionFromVault: boolean;
  readonly json: boolean;
  readonly stack: string;
}

async function adopt({ dryRun, yes, productionFromVault: confirmed, json, stack }: Given): Promise<number> {
  const root = projectRoot();
  const settings = fileSettings(root, stack);
  process.stderr.write('Reading Netlify, GitHub and the stack …\n');
  const [existing, exported] = await interruptible(
    () => [`Stopped while reading. Nothing was done. Again: ${forStack('npm run adopt')}`],
    () => withProgress('reading', Promise.all([readExisting(settings, root, stack), exportedStack(root, stack)])),
  );
  const state = JSON.parse(exported) as Export;
  const resources = state.deployment.resources ?? [];
  const interrupted =
    pendingOperations(state).length > 0 ? [`an update was killed half way: ${forStack('npm run recover')}`] : [];
  const { others, unread } = otherStacks(root, stack);
  const twice = declaredTwice({ settings, owner: fileValue(root, 'github:owner', stack) }, others);
  const found = planAdoption(settings, existing, new Set(resources.map(({ urn }) => nameOf(urn))));
  const plan = {
    ...found,
    notes: [
      ...unread.map((why) => `Another stack’s file is not compared with this one. ${why}`),
      ...(found.notes ?? []),
    ],
    problems: [...interrupted, ...twice, ...found.problems, ...unsafeResources(resources, settings)],
  };
  process.stdout.write(json ? `${JSON.stringify(plan, withoutDigests, 2)}\n` : planText(plan));
  if (plan.problems.length > 0) return exitCode.error;
  if (dryRun || (plan.adoptions.length === 0 && !plan.protection)) return exitCode.fine;
  await refuseUnattended(plan, { yes, confirmed });
  const agreed = (await confirm('Take these over?', { yes })) && (await productionConfirmed(plan, confirmed));
  if (!agreed) {
    process.stderr.write('Nothing was done.\n');
    return exitCode.error;
  }
  await attemptInTimeline(root, `adopt: ${counted(plan.adoptions.length, 'resource')} taken over`, async () => {
    const progress = { done: 'nothing', open: 'the stack’s state' };
    await interruptible(
      () => [
        `Stopped. Done: ${progress.done}. Not finished: ${progress.open}. No service was written to. Go on: ${forStack('npm run adopt')}`,
      ],
      async () => {
        if (plan.adoptions.length === 0) return;
        await withProgress('taking over', takeOver(root, stack, settings, plan, exported, existing));
        progress.done = `the stack’s state has ${plan.adoptions.length} more`;
        progress.open = plan.protection ? 'the protection’s settings in the configuration' : 'nothing';
      },
    );
    if (plan.protection) writeProtection(configurationFile(root, stack), plan.protection);
  });
  process.stderr.write(
    `Took over ${plan.adoptions.length}. Nothing was written to any service. Next: ${forStack('pulumi preview')}\n`,
  );
  return exitCode.fine;
}

/** The digest of a value that can be guessed gives the value: it is for this command alone. */
function withoutDigests(key: string, value: unknown): unknown {
  return key === 'digest' ? undefined : value;
}

/** Netlify shows a secret value to nobody again, so that only who has or issued the value can compare it. */
const compareHow = `How to compare, without printing a value: where production's value came from (its owner, the vendor's own console: the key's
name, its last characters or its date) against 1Password's field and its history of versions. For a key that a vendor shows
as a digest (Supabase: npx supabase secrets list): printf %s "$(op read REFERENCE)" | sha256sum. Where that is impossible,
say no: staging can have a value of its own, and production's stays as it is.
`;

/** Refuses where nobody can answer, with every option that is missing. */
async function refuseUnattended(
  { unverifiable }: AdoptionPlan,
  given: { readonly yes: boolean; readonly confirmed: boolean },
): Promise<void> {
  if (process.stdin.isTTY || !wantsComparison(unverifiable, given.confirmed)) return;
  process.stderr.write(compareHow);
  await refuseMissing({ script: 'adopt', args: process.argv.slice(2) }, [
    ...missingConsent(given),
    {
      add: '--production-from-vault',
      why: `you have compared these with what production uses: ${unverifiable.join(', ')}. Netlify never shows them again, and the next ${forStack('pulumi up')} writes the vault's values there`,
    },
  ]);
}

/** Whether somebody has to compare values that nobody here can read. */
function wantsComparison(unverifiable: readonly string[], confirmed: boolean): boolean {
  return !confirmed && unverifiable.length > 0 && vaultAccess().kind !== 'none';
}

/** Whether a person has said that the vault's values are the ones that production reads; nobody else can know. */
async function productionConfirmed({ unverifiable }: AdoptionPlan, confirmed: boolean): Promise<boolean> {
  if (!wantsComparison(unverifiable, confirmed)) return true;
  process.stderr.write(compareHow);
  return confirm('Type production if the vault’s values above are the ones that production uses:', {
    yes: false,
    expected: 'production',
    otherwise: 'nothing is taken over, and production keeps its values',
  });
}

/** Reads the things by Pulumi's import, makes them safe to hold, and adds them to the stack's state. */
async function takeOver(
  root: string,
  stack: string,
  settings: Settings,
  plan: AdoptionPlan,
  exported: string,
  existing: Existing,
): Promise<void> {
  process.stderr.write(`Reading them by \`pulumi import\` …\n`);
  const read = (await importExisting(root, stack, plan.adoptions)).map((each) =>
    guardedFromDestroy(adopted(each), settings.allowDestroy),
  );
  const seen = withSeenTimes(read, existing.variables);
  const access = vaultAccess();
  const resolve = access.kind === 'none' ? undefined : (wanted: readonly Wanted[]) => resolveReferences(access, wanted);
  const vault = await resolve?.(ownReferences(plan.adoptions, settings));
  const { resources: imported, different } = withOwnSecrets(seen, plan.adoptions, settings, vault);
  const complete = resolve ? await withVaultValues(imported, settings, resolve, existing.variables) : imported;
  // Somebody may have changed the stack while a person was reading the plan: that must not be written over.
  if ((await exportedStack(root, stack)) !== exported) {
    throw new Error(`The stack has changed meanwhile, so nothing was done. Run it again: ${forStack('npm run adopt')}`);
  }
  if (different.length > 0) {
    process.stderr.write(
      `The vault has another value than production's functions read, by its digest: ${different.join(', ')}. The next ` +
        `${forStack('pulumi up')} refuses to write them. Put the value that is there into the vault, or allow that one run to change it.\n`,
    );
  }
  const state = JSON.parse(exported) as Export;
  const input = JSON.stringify(merged(state, complete));
  const writes = plan.adoptions.map(({ name }) => ({ place: 'stack', name }));
  await audited({ action: 'take over', writes }, () =>
    pulumi(['stack', 'import', '--stack', stack], { cwd: root, input }),
  );
}

function planText({ adoptions, unverifiable, protection, notes = [], problems }: AdoptionPlan): string {
  const lines = columns(
    adoptions.map(({ name, note }) => ['take over', name, note]),
    '  ',
  );
  if (unverifiable.length > 0) {
    lines.push(
      `  compare    Netlify never shows these again, and the next ${forStack('pulumi up')} writes the vault’s values there:`,
      ...unverifiable.map((each) => `             ${each}`),
    );
  }
  if (protection) {
    lines.push(
      `  write down the settings of ${protection.branch}'s protection in the configuration, so that ${requiredCheck} is added and nothing lost:`,
      `             other checks: ${protection.otherChecks.join(', ') || 'none'}; reviews: ${protection.requiredPullRequestReviews ? 'required' : 'not required'}`,
    );
  }
  if (lines.length === 0) lines.push('  Nothing to take over: the stack has all of it, or it does not exist yet.');
  lines.push(...notes.map((note) => `  know       ${note}.`));
  const blocked = problems.map((problem) => `  - ${problem}.`);
  return [...lines, ...(blocked.length > 0 ? ['', 'Settle these first; nothing was done:', ...blocked] : []), ''].join(
    '\n',
  );
}
