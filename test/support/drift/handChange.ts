import { site } from '../../../sandbox/process/identity.ts';
import { tick, type StoredVariable } from '../../../sandbox/standIns/netlify/state.ts';
import type { Project } from '../project.ts';

/**
 * Gives production another value of a key, past every request of ours: as a person does in Netlify's page, who is the
 * user of this project's own token. Yields the function that puts the key back as it was.
 */
export function changeByHand({ sandbox }: Project, key: string, value: string): () => void {
  const { store } = sandbox.standIns().netlify;
  const edit = (change: (variable: StoredVariable, state: typeof store.state) => void) =>
    store.update((state) => {
      const variable = state.variables[`site:${site.id}`]?.find((each) => each.key === key);
      if (!variable) throw new Error(`${key} is not on Netlify`);
      change(variable, state);
    });
  let before: StoredVariable | undefined;
  edit((variable, state) => {
    before = structuredClone(variable);
    for (const each of variable.values) if (each.context === 'production') each.value = value;
    variable.updated_at = tick(state);
    variable.updated_by = state.users[0]?.id ?? '';
  });
  return () => edit((variable) => Object.assign(variable, before));
}
