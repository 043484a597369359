import { z } from 'zod';
import { ApiError, bodyOf, idParam, notFound, pageOf, repositoryOf } from '../call.ts';
import type { Call, Handler } from '../call.ts';
import { simpleUser } from '../accounts.ts';
import { makeInstallationToken } from '../state.ts';
import { notAccessible } from './permissions.ts';
import { fullRepository } from '../repositories.ts';
import type { Routes } from '../router.ts';
import type { App, Permissions, Repository } from '../records.ts';

const founded = '2025-01-15T09:00:00Z';
type Installed = App & Required<Pick<App, 'installation'>>;

/** For an app that signs for itself; 401 for everybody else, as GitHub says it. */
function asApp(handler: (call: Call, app: App) => ReturnType<Handler>): Handler {
  return (call) => {
    const app = call.store.state.apps.find(({ id }) => id === call.token.signedBy);
    if (!app) throw new ApiError(401, 'A JSON web token could not be decoded');
    return handler(call, app);
  };
}

function isInstalled(app: App): app is Installed {
  return app.installation !== undefined;
}

function reaches({ installation: { repositories } }: Installed, { id }: Repository): boolean {
  return repositories?.includes(id) ?? true;
}

/** `GET /repos/:owner/:repo/installation`: where the app is installed. */
const ofRepository = asApp((call, app) => {
  const repository = repositoryOf(call);
  if (!isInstalled(app) || !reaches(app, repository)) throw notFound();
  const { id, permissions, repositories } = app.installation;
  const { login, id: account } = call.store.state.organization;
  return {
    status: 200,
    body: {
      id,
      client_id: app.clientId,
      app_id: app.id,
      app_slug: app.slug,
      account: simpleUser(call, login),
      target_id: account,
      target_type: 'Organization',
      repository_selection: repositories ? 'selected' : 'all',
      access_tokens_url: `${call.api}/app/installations/${id}/access_tokens`,
      repositories_url: `${call.api}/installation/repositories`,
      html_url: `${new URL(call.api).origin}/organizations/${login}/settings/installations/${id}`,
      permissions: { metadata: 'read', ...permissions },
      events: [],
      single_file_name: null,
      suspended_by: null,
      suspended_at: null,
      created_at: founded,
      updated_at: founded,
    },
  };
});

const asked = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
});

/** `POST …/access_tokens`: a token for an hour, with at most what the installation has. */
const makeToken = asApp((call, app) => {
  if (!isInstalled(app) || app.installation.id !== idParam(call, 'installation')) throw notFound();
  const { repositories: names, repository_ids: ids, permissions: wanted } = bodyOf(call, asked);
  const isNarrowed = names !== undefined || ids !== undefined;
  const permissions = narrowed(app.installation.permissions, wanted);
  return call.store.update((state) => {
    const reached = state.repositories.filter((one) => reaches(app, one));
    const chosen = reached.filter(
      ({ id, name }) => !isNarrowed || [...(names ?? []), ...(ids ?? [])].some((one) => one === id || one === name),
    );
    if (isNarrowed && chosen.length < (names ?? []).length + (ids ?? []).length) {
      throw new ApiError(
        422,
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      );
    }
    const isSelected = isNarrowed || app.installation.repositories !== undefined;
    const made = makeInstallationToken(app, permissions, isSelected ? chosen.map(({ id }) => id) : undefined);
    state.tokens = [...state.tokens, made];
    return {
      status: 201,
      effects: [`a token of the app ${app.slug}`],
      body: {
        token: made.token,
        expires_at: made.expiresAt,
        permissions: { metadata: 'read', ...permissions },
        repository_selection: isSelected ? 'selected' : 'all',
        ...(isSelected && { repositories: chosen.map((one) => fullRepository(call, one)) }),
      },
    };
  });
});

function narrowed(held: Permissions, wanted: Readonly<Record<string, 'read' | 'write'>> | undefined): Permissions {
  if (!wanted) return held;
  const levels: Readonly<Record<string, 'read' | 'write'>> = { metadata: 'read', ...held };
  const lacking = Object.entries(wanted).some(([name, level]) => levels[name] !== 'write' && levels[name] !== level);
  if (lacking) throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  return wanted;
}

/** For the token of an installation; others are told so. */
function asInstallation(handler: Handler, refusal: string): Handler {
  return (call) => {
    if (call.token.appId === undefined || call.token.signedBy !== undefined) throw new ApiError(403, refusal);
    return handler(call);
  };
}

const listRepositories: Handler = (call) => {
  const { repositories } = call.token;
  const reached = call.store.state.repositories.filter(({ id }) => repositories?.includes(id) ?? true);
  const { items, headers } = pageOf(call, reached);
  return {
    status: 200,
    headers,
    body: {
      total_count: reached.length,
      repository_selection: repositories ? 'selected' : 'all',
      repositories: items.map((one) => fullRepository(call, one)),
    },
  };
};

const revoke: Handler = (call) => {
  call.store.update((state) => {
    state.tokens = state.tokens.filter(({ token }) => token !== call.token.token);
  });
  return { status: 204, effects: ['a token ended'] };
};

/** What an app does for itself, and what its tokens are told of themselves. */
export const installationRoutes: Routes = {
  'GET /repos/:owner/:repo/installation': ofRepository,
  'POST /app/installations/:installation/access_tokens': makeToken,
  'GET /installation/repositories': asInstallation(
    listRepositories,
    'You must authenticate with an installation access token in order to list repositories for an installation.',
  ),
  'DELETE /installation/token': asInstallation(revoke, notAccessible({ token: '', login: '', access: 'read' })),
};
