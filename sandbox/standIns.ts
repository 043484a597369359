import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { existingTeam } from './existingTeam.ts';
import { createGitHub, seedGitHub } from './github/index.ts';
import { createNetlify, seedNetlify, type NetlifyService } from './netlify/index.ts';
import { createOnePassword, type OnePassword } from './onepassword/index.ts';
import type { Service } from './server/service.ts';

/** The services that the sandbox stands in for. */
export interface StandIns {
  readonly onepassword: OnePassword;
  readonly netlify: NetlifyService;
  readonly github: Service;
}

export type ServiceName = keyof StandIns;

/** In the order in which they are listed. */
export const serviceNames: readonly ServiceName[] = ['onepassword', 'netlify', 'github'];

/** All stand-ins on one state folder; a new folder gets what a team has before this project comes. */
export function createStandIns(stateDir: string): StandIns {
  const isNew = (name: ServiceName) => !existsSync(join(stateDir, `${name}.json`));
  const [newNetlify, newGitHub] = [isNew('netlify'), isNew('github')];
  const onepassword = createOnePassword({ stateDir });
  if (newGitHub) seedGitHub(stateDir, existingTeam(onepassword.vault).github);
  const standIns = { onepassword, netlify: createNetlify({ stateDir }), github: createGitHub({ stateDir }) };
  if (newNetlify) {
    seedNetlify(standIns.netlify, existingTeam(onepassword.vault).netlify);
    acceptVaultToken(standIns);
  }
  return standIns;
}

/** Rotates a field as a team does: a token is first made at the service, then put into the vault. */
export function rotate(standIns: StandIns, label: string): void {
  standIns.onepassword.vault.rotate(label);
  if (label === 'netlify_auth_token') acceptVaultToken(standIns);
}

/** Netlify accepts the token that the vault holds, as it would in a team's account. */
function acceptVaultToken({ onepassword, netlify }: StandIns): void {
  const admin = onepassword.vault.read('netlify_auth_token');
  netlify.store.update((state) => {
    state.tokens = { ...state.tokens, admin };
  });
}
