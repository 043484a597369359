import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import { Document, isScalar } from 'yaml';
import { ancestorsOf, branch, pairOf, type WorkflowFile, type WorkflowJob } from './file.ts';
import { indented } from './render.ts';

/** The key of the job that reports the check for a team's deploy job. */
export const gateId = `${requiredCheck}-check`;

/** What the team's job is called from then on: the check's own name is the gate's. */
export const deployName = `${requiredCheck} (deploy)`;

const staging = `github.event_name == 'push' && github.ref == 'refs/heads/${branch}'`;

/**
 * A job that reports the check beside a team's deploy job, which stays as it is. It always runs, and fails when a job
 * that the deploy waits for failed, and when staging's branch was pushed and the deploy did not succeed.
 */
export function gateJob(file: WorkflowFile, deploy: WorkflowJob): Record<string, unknown> {
  const needs = [...ancestorsOf(file, deploy), deploy.id];
  return {
    name: requiredCheck,
    needs,
    if: '${{ always() }}',
    'runs-on': 'ubuntu-latest',
    'timeout-minutes': 5,
    steps: [
      {
        name: 'Fail when the deploy, or what it waits for, failed',
        env: {
          FAILED: "${{ contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled') }}",
          STAGING: `\${{ ${staging} }}`,
          DEPLOY: `\${{ needs.${deploy.id}.result }}`,
        },
        run: [
          'if [ "$FAILED" = true ]; then',
          '  echo "::error title=Staging::A job that staging waits for failed or was cancelled."',
          '  exit 1',
          'fi',
          'if [ "$STAGING" = true ] && [ "$DEPLOY" != success ]; then',
          `  echo "::error title=Staging::${branch} was pushed, and the deploy to staging ended as '$DEPLOY'."`,
          '  exit 1',
          'fi',
          '',
        ].join('\n'),
      },
    ],
  };
}

/** The gate as text of the file's indentation. */
export function gateText(
  job: Readonly<Record<string, unknown>>,
  indent: { readonly key: string; readonly step: number },
): string {
  const document = new Document({ [gateId]: job });
  const key = pairOf(document.contents, gateId)?.key;
  if (isScalar(key))
    key.commentBefore =
      ' The required check. GitHub counts a skipped job as passed, so a job that may be skipped cannot be required.';
  return indented(document, indent);
}
