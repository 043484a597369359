import { isUuid } from './uuid.ts';

/** Whether `site` in the settings is a site's id (a UUID) rather than its name. */
export function isSiteId(site: string): boolean {
  return isUuid(site);
}

/** Whether `team` in the settings is a team's id (24 hexadecimal digits) rather than its slug. */
export function isTeamId(team: string): boolean {
  return /^[0-9a-f]{24}$/i.test(team);
}
