import { githubApi } from '../../services/github/github.ts';
import { deleteVariable, listActionsVariables, writeVariable } from '../../services/github/variables.ts';
import type { PlaceService } from '../service.ts';

export const actionsVariableService: PlaceService = {
  list: ({ repository }, environment) => listActionsVariables(githubApi(), repository, environment),
  write: ({ repository }, { name, environment }, value) =>
    writeVariable(githubApi(), repository, environment, name, value),
  remove: ({ repository }, { name, environment }) => deleteVariable(githubApi(), repository, environment, name),
};
