import { z } from 'zod';
import { call, type Api } from '../door/http.ts';

const repository = z.object({ full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/) });

/**
 * Where a renamed or transferred repository is now, and what to correct. GitHub redirects to `/repositories/ID`, which
 * holds no name: it is asked for by that id at the API's own address. `undefined` for a redirect of another kind.
 */
export async function movedRepository(api: Api, location: URL): Promise<string | undefined> {
  const base = new URL(api.baseUrl);
  if (location.origin !== base.origin) return undefined;
  const prefix = base.pathname.replace(/\/$/, '');
  const [kind, id = ''] = location.pathname.slice(prefix.length + 1).split('/');
  if (kind !== 'repositories' || !/^\d+$/.test(id)) return undefined;
  const { data } = await call(api, { path: `/repositories/${id}` }, repository);
  const [owner = '', name = ''] = data.full_name.split('/');
  return (
    `The repository has moved: it is ${owner}/${name} now. ` +
    `Set github:owner to ${owner} and allincompassing:github.repository to ${name} in Pulumi.staging.yaml ` +
    `(GITHUB_OWNER and GITHUB_REPOSITORY too, where they are set).`
  );
}
