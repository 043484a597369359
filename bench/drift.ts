import { measure } from './preview/run.ts';
import { sizedBenchmark } from './preview/sizes.ts';

const about = `
Times \`npm run drift\` beside \`terraform plan\` and \`pulumi preview --refresh\` of the same resources on the same
stand-ins, in the same run. Nothing has drifted: each only looks. Ours looks at Edge Function secrets and Actions
variables too, which Terraform does not declare here.

Every figure is a median with its minimum and maximum; a ratio is taken round by round. Requests are those to Netlify
and GitHub. What the vault costs is a row of its own.
Exit codes: 0 measured, 1 an error, 2 drift missed its target (1 × at 10 variables, 0.4 × at 200, no more requests).
`;

/** `npm run bench -- drift`. */
export const drift = sizedBenchmark({
  name: 'drift',
  about,
  targets: { 10: 1, 200: 0.4 },
  everyPlace: true,
  measure: async (stage, rounds, progress) => {
    const contestants = [stage.terraform, stage.drift, stage.refresh, stage.driftWithVault];
    const measured = await measure(contestants, rounds, progress);
    return { measured, phases: new Map(), judged: [stage.drift.name] };
  },
});
