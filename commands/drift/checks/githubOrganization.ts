import type { LiveCheck } from '../../../services/github/checks.ts';
import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import { organizationVariable, placementsIn, type Settings } from '../../../settings/settings.ts';
import { annotationTitle } from '../../../deploys/smokeAnnotation.ts';
import { finding } from '../finding.ts';
import type { LivePlaces } from '../../../places/live.ts';
import { subjectOf } from './placed.ts';
import type { Part } from '../observed.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';

/** The last report of the required check, with what it says about its failure. */
export interface LiveReport {
  readonly latest: LiveCheck | undefined;
  /** The id of GitHub Actions' app on this GitHub. */
  readonly actionsAppId: number;
  /** Titles of its annotations; asked for only when it failed. */
  readonly annotations: readonly string[];
}

/**
 * Whether the organisation in GitHub's secret is the one that the site serves. Nobody can read the secret; the last
 * deploy-staging, which holds it, compared the two. A report that is older than the secret says nothing.
 */
export function githubOrganization(
  settings: Settings,
  live: LivePlaces,
  { latest, actionsAppId, annotations }: LiveReport,
): Part {
  const placement = placementsIn(settings, 'actionsSecret').find(({ name }) => name === organizationVariable);
  const secret =
    placement &&
    live.list('actionsSecret', placement.environment)?.find(({ name }) => name.toUpperCase() === organizationVariable);
  if (!placement || !secret) return { findings: [] };
  const unknown = (why: string): Part => ({
    findings: [],
    notChecked: [
      `Whether GitHub's ${organizationVariable} is the one that the site serves: ${why} (${forStack('npm run deploy:trigger')}).`,
    ],
  });
  if (latest?.appId !== actionsAppId || latest.conclusion === null)
    return unknown(`no ${requiredCheck} has compared them yet`);
  // GitHub counts secrets in whole seconds.
  if (Date.parse(latest.at ?? '') < Date.parse(secret.updatedAt ?? ''))
    return unknown(`no ${requiredCheck} has compared them since the secret was written`);
  if (latest.conclusion === 'success') return { findings: [] };
  if (!annotations.includes(annotationTitle('wrong-organization')))
    return unknown(`the last ${requiredCheck} ended before it compared them`);
  return {
    findings: [
      finding({
        kind: 'github-organization-differs',
        subject: subjectOf(placement),
        what: `The last ${requiredCheck} found that GitHub's ${organizationVariable} is not the one that the site serves.`,
        since: latest.at,
        note: `It seals the one organisation id again. Then run the job again: ${forStack('npm run deploy:rerun')}.`,
      }),
    ],
  };
}
