import { plainEnvironment } from '../standIns/github/environments.ts';
import { after, now, takeId } from '../standIns/github/state.ts';
import type { Injection } from './injection.ts';
import { editRepository as edit } from './repository.ts';

/** What people do to Actions variables. `injections.ts` does not offer these yet. */
export const variableInjections: Readonly<Record<string, Injection>> = {
  'github-variable-missing': {
    title: 'delete the Actions variable SUPABASE_PROJECT_ID',
    touches: ['actions-variable/SUPABASE_PROJECT_ID'],
    inject: (world) =>
      edit(world, (repository) => {
        repository.variables = repository.variables.filter(({ name }) => name !== 'SUPABASE_PROJECT_ID');
      }),
  },
  'github-variable-changed': {
    title: 'change the Actions variable SLACK_ALERTS_CHANNEL',
    touches: ['actions-variable/SLACK_ALERTS_CHANNEL'],
    inject: (world) =>
      edit(world, ({ variables }) => {
        const variable = variables.find(({ name }) => name === 'SLACK_ALERTS_CHANNEL');
        if (variable) Object.assign(variable, { value: '#elsewhere', updatedAt: after(variable.updatedAt) });
      }),
  },
  'github-variable-undeclared': {
    title: 'add the Actions variable LEFTOVER',
    touches: ['actions-variable/LEFTOVER'],
    inject: (world) =>
      edit(world, ({ variables }) => {
        // A little later than the update: both count in seconds.
        const createdAt = after(new Date(Date.now() + 3000).toISOString());
        variables.push({ name: 'LEFTOVER', value: 'of nobody', createdAt, updatedAt: createdAt });
      }),
  },
  'github-variable-shadowed': {
    title: 'give the environment staging a LIGHTHOUSE_PREVIEW_URL of its own',
    touches: ['environment'],
    inject: (world) =>
      edit(world, ({ environments }, state) => {
        const at = now();
        const variable = { name: 'LIGHTHOUSE_PREVIEW_URL', value: 'another one', createdAt: at, updatedAt: at };
        environments.push({ ...plainEnvironment(takeId(state), 'staging'), variables: [variable] });
      }),
  },
};
