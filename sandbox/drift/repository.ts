import { updateGitHub } from '../standIns/github/index.ts';
import type { GitHubState, Repository } from '../standIns/github/records.ts';
import { github } from '../process/identity.ts';
import type { World } from './injection.ts';

export const branchName = 'develop';

/** Changes the sandbox's repository, as somebody in a browser would. */
export function editRepository(
  { stateDir }: Pick<World, 'stateDir'>,
  change: (repository: Repository, state: GitHubState) => void,
): void {
  updateGitHub(stateDir, (state) => {
    const repository = state.repositories.find(
      ({ owner, name }) => owner === github.owner && name === github.repository,
    );
    if (!repository) throw new Error('There is no repository to break. Provision first: npm start');
    change(repository, state);
  });
}
