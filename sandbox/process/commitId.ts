import { createHash } from 'node:crypto';

/** The commit at which a branch stands: the stand-ins of GitHub and of Netlify agree on it. `repository`: `owner/name`. */
export function commitId(repository: string, branch: string): string {
  return createHash('sha1').update(`${repository}/${branch}`).digest('hex');
}
