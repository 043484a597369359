import { z } from 'zod';
import { ofRepository, type RepositoryName } from './github.ts';
import { github } from './route.ts';
import { isAnswer, type Api } from '../door/http.ts';

const activities = z.array(z.object({ timestamp: z.string() }));

/**
 * When a branch was last deleted (ISO 8601); `undefined` when GitHub knows of no deletion: it never was there. `unknown`
 * where this token may not ask.
 */
export async function branchDeletedAt(api: Api, name: RepositoryName, branch: string): Promise<string | undefined> {
  try {
    const query = { ref: `refs/heads/${branch}`, activity_type: 'branch_deletion', per_page: 1 } as const;
    const parameters = { ...ofRepository(name), ...query };
    const { data } = await github(api, 'GET /repos/{owner}/{repo}/activity', parameters, activities);
    return data[0]?.timestamp;
  } catch (error) {
    if (isAnswer(error, 403, 404)) return 'unknown';
    throw error;
  }
}
