import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's cache folder of this project, where what is big and can be had again is kept between runs. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const base =
    environment.STAGING_CACHE_DIR ??
    join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'allincompassing-staging');
  return base;
}
