import { measurePhases, type Phases } from './preview/phases.ts';
import { measure } from './preview/run.ts';
import { sizedBenchmark } from './preview/sizes.ts';

const about = `
Times \`pulumi preview\` of this project beside \`terraform plan\` of the same resources, with the same providers on the
same stand-ins, and beside an empty Pulumi program. Nothing has changed in any of them, so each only looks.

Every figure is a median with its minimum and maximum; a ratio is taken round by round. Requests are those to Netlify
and GitHub. The previews have no vault access, but for the one that shows what the vault costs. They run as the workflows
run them: with PULUMI_PARALLEL_DIFF, and with --refresh PULUMI_RUN_PROGRAM and PULUMI_ENABLE_LEGACY_REFRESH_DIFF (docs/accounts.md).
Exit codes: 0 measured, 1 an error, 2 a preview missed its target (2.5 × at 10 variables, 1.5 × at 200, no more requests).
`;

/** `npm run bench -- preview`. */
export const preview = sizedBenchmark({
  name: 'preview',
  about,
  targets: { 10: 2.5, 200: 1.5 },
  measure: async (stage, rounds, progress) => {
    const { terraform, preview: plain, refresh, floor, vault } = stage;
    const measured = await measure([terraform, plain, refresh, floor, vault], rounds, progress);
    const phases = new Map<string, Phases>();
    for (const contestant of [plain, refresh]) {
      progress(`phases: ${contestant.name}`);
      phases.set(contestant.name, await measurePhases(contestant, rounds, stage.log));
    }
    return { measured, phases, judged: [plain.name, refresh.name] };
  },
});
