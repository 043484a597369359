import {
  deleteFunctionSecret,
  listFunctionSecrets,
  managementApi,
  setFunctionSecret,
} from '../../services/supabase/management.ts';
import type { PlaceService } from '../service.ts';

export const edgeFunctionService: PlaceService = {
  list: ({ project }) => listFunctionSecrets(managementApi(), project),
  async write({ project }, { name }, value) {
    const api = managementApi();
    await setFunctionSecret(api, project, name, value);
    return (await listFunctionSecrets(api, project)).find((each) => each.name === name)?.updatedAt;
  },
  remove: ({ project }, { name }) => deleteFunctionSecret(managementApi(), project, name),
};
