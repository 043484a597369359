import type { z } from 'zod';
import type { ServiceReply, ServiceRequest } from '../../server/service.ts';
import type { Store } from '../../server/store.ts';
import type { Branch, Environment, GitHubState, Repository, Token } from './records.ts';

/** GitHub's refusal, thrown by a handler and turned into the vendor's error body by the service. */
export class ApiError extends Error {
  readonly status: number;
  /** The entries of a validation error. */
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(
    status: number,
    message: string,
    errors?: readonly unknown[],
    headers?: Readonly<Record<string, string>>,
  ) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

export const notFound = (message = 'Not Found'): ApiError => new ApiError(404, message);

/** One request on its way through a handler. */
export interface Call {
  readonly request: ServiceRequest;
  /** The path's named parts, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly store: Store<GitHubState>;
  readonly token: Token;
  /** Where this API is reached, without a slash at the end: the URLs in replies begin with it. */
  readonly api: string;
}

export type Handler = (call: Call) => ServiceReply;

/** A named part of the path. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route has no part ${name}`);
  return value;
}

/** A part of the path that is a number; 404 when it is none. */
export function idParam(call: Call, name: string): number {
  const value = param(call, name);
  if (!/^\d+$/.test(value)) throw notFound();
  return Number(value);
}

/** The request's body by `schema`; GitHub's 400 and 422 when it does not fit. */
export function bodyOf<Output>(call: Call, schema: z.ZodType<Output>): Output {
  const text = call.request.body.toString('utf8');
  let json: unknown = {};
  try {
    if (text !== '') json = JSON.parse(text);
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
  const result = schema.safeParse(json ?? {});
  if (result.success) return result.data;
  // Paths and rules only: zod's messages for these schemas name no value.
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new ApiError(422, `Invalid request.\n\n${problems.join('\n')}`);
}

/** The repository of the path, by name or (older paths) by id; names ignore case. */
export function repositoryOf(call: Call, state: GitHubState = call.store.state): Repository {
  const { owner, repo, repositoryId } = call.params;
  const found = state.repositories.find((candidate) =>
    repositoryId === undefined
      ? same(candidate.owner, owner) && same(candidate.name, repo)
      : String(candidate.id) === repositoryId,
  );
  const isHidden = found && call.token.repositories?.includes(found.id) === false;
  if (!found || isHidden) throw notFound();
  return found;
}

/** The branch of the path. */
export function branchOf(call: Call, repository: Repository): Branch {
  const branch = repository.branches.find(({ name }) => name === param(call, 'branch'));
  if (!branch) throw notFound('Branch not found');
  return branch;
}

/** The environment of the path; names ignore case. */
export function environmentOf(call: Call, repository: Repository): Environment {
  const environment = repository.environments.find(({ name }) => same(name, call.params.environment));
  if (!environment) throw notFound();
  return environment;
}

/** The API's URL of a repository. */
export function repositoryUrl(call: Call, { owner, name }: Repository): string {
  return `${call.api}/repos/${owner}/${name}`;
}

/** The URL of a repository's page. */
export function pageUrl(call: Call, { owner, name }: Repository): string {
  return `${webOf(call)}/${owner}/${name}`;
}

/** Where the web pages are, as GitHub Enterprise Server has it: the same host without the API's prefix. */
export function webOf(call: Call): string {
  return new URL(call.api).origin;
}

/** An opaque identifier in the form that GraphQL's nodes have. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64');
}

/** How long a page is: without `per_page`, and at most; more than that is taken for the most. */
interface PageSizes {
  readonly usual: number;
  readonly largest: number;
}

/** One page of `items` by `per_page` and `page`, and the header that leads to the others. */
export function pageOf<Item>(
  call: Call,
  items: readonly Item[],
  { usual, largest }: PageSizes = { usual: 30, largest: 100 },
): { items: Item[]; headers: Record<string, string> } {
  const query = call.request.query;
  const size = Math.min(Math.max(Number(query.get('per_page') ?? usual) || usual, 1), largest);
  const page = Math.max(Number(query.get('page') ?? 1) || 1, 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const link = (to: number, rel: string) => {
    const target = new URLSearchParams(query);
    target.set('page', String(to));
    return `<${webOf(call)}${call.request.path}?${target.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ];
  return {
    items: items.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

/** The reply to a list whose body carries its own count: `{ total_count, [key]: page }`. */
export function countedPage<Item>(
  call: Call,
  key: string,
  all: readonly Item[],
  render: (item: Item) => unknown,
  sizes?: PageSizes,
): ServiceReply {
  const { items, headers } = pageOf(call, all, sizes);
  return { status: 200, headers, body: { total_count: all.length, [key]: items.map(render) } };
}

function same(name: string, other: string | undefined): boolean {
  return name.toLowerCase() === other?.toLowerCase();
}

/** GitHub's answer where the owner's plan protects no branch of a private repository. */
export function refuseFreePlan({ private: isPrivate, freePlan }: Repository): void {
  if (!isPrivate || freePlan !== true) return;
  throw new ApiError(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.');
}
