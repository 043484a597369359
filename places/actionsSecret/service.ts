import { githubApi, listSecrets } from '../../services/github/github.ts';
import { deleteSecret, sealSecret } from '../../services/github/writes.ts';
import type { PlaceService } from '../service.ts';

export const actionsSecretService: PlaceService = {
  list: ({ repository }, environment) => listSecrets(githubApi(), repository, environment),
  write: ({ repository }, { name, environment }, value) =>
    sealSecret(githubApi(), repository, environment, name, value),
  remove: ({ repository }, { name, environment }) => deleteSecret(githubApi(), repository, environment, name),
};
