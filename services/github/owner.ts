import { z } from 'zod';
import { ofRepository, type RepositoryName } from './github.ts';
import { github } from './route.ts';
import { isAnswer, type Api } from '../door/http.ts';

/** Who owns a repository, whether it lives, and how many people may approve a pull request in it. */
export interface Ownership {
  readonly owner: 'User' | 'Organization';
  /** People who may write, the author of a pull request among them; `undefined` where this token may not ask. */
  readonly writers: number | undefined;
  /** Whether the repository is archived: GitHub then takes no write. */
  readonly archived?: boolean;
}

const repository = z.object({ owner: z.object({ type: z.string() }), archived: z.boolean().default(false) });
const people = z.array(z.object({ type: z.string().optional() }));

/** Reads who owns the repository. Two requests. */
export async function readOwnership(api: Api, name: RepositoryName): Promise<Ownership> {
  const reading = github(api, 'GET /repos/{owner}/{repo}', ofRepository(name), repository);
  const [{ data }, writers] = await Promise.all([reading, countWriters(api, name)]);
  const { owner, archived } = data;
  return { owner: owner.type === 'Organization' ? 'Organization' : 'User', writers, archived };
}

async function countWriters(api: Api, name: RepositoryName): Promise<number | undefined> {
  try {
    const parameters = { ...ofRepository(name), permission: 'push', per_page: 100 } as const;
    const { data } = await github(api, 'GET /repos/{owner}/{repo}/collaborators', parameters, people);
    return data.filter(({ type }) => type !== 'Bot').length;
  } catch (error) {
    if (isAnswer(error, 403, 404)) return undefined;
    throw error;
  }
}
