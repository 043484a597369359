import { randomUUID } from 'node:crypto';
import { findDeploy } from '../standIns/netlify/deploys/deployState.ts';
import type { Injection } from './injection.ts';

/** What people do to the running site. */
export const siteInjections: Readonly<Record<string, Injection>> = {
  'organization-running-differs': {
    title: 'deploy staging by hand so that it serves another organisation',
    touches: ['netlify/deploys'],
    async inject({ netlify, deploy }) {
      const id = await deploy();
      netlify.store.update((state) => {
        findDeploy(state, id).environment.DEFAULT_ORGANIZATION_ID = randomUUID();
      });
    },
  },
};
