import * as pulumi from '@pulumi/pulumi';

/**
 * How a refusal begins. A preview refuses before anything is written. An update that skipped its preview judges each write
 * when its turn comes, so others may have been made.
 */
export function refused(): string {
  return pulumi.runtime.isDryRun()
    ? 'Refused before any write'
    : 'Refused, so this write was not made (others of this run may have been: without --skip-preview all are judged first)';
}
