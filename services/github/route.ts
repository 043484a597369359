import { endpoint } from '@octokit/endpoint';
import type { Endpoints, RequestParameters } from '@octokit/types';
import type { z } from 'zod';
import type { Act } from '../../audit/trail.ts';
import { call, type Answer, type Api } from '../door/http.ts';

/** A method and path of GitHub's own description of its API. */
type Route = keyof Endpoints;

/** A published type as `JSON.parse` gives it: it makes no bigint. */
type Parsed<T> = T extends bigint
  ? never
  : T extends readonly (infer Each)[]
    ? Parsed<Each>[]
    : T extends object
      ? { [Member in keyof T]: Parsed<T[Member]> }
      : T;

type Data<R extends Route> = Parsed<Endpoints[R]['response']['data']>;

/** Nothing, where a form takes everything that GitHub's description allows; else what no form is. */
type Takes<R extends Route, Form extends z.ZodType> =
  Data<R> extends z.input<Form> ? unknown : { readonly 'GitHub may answer what this form does not take': Data<R> };

type ReadRoute = Extract<Route, `GET ${string}`>;

/**
 * Reads from GitHub by a route and its parameters, as GitHub's published types know them: a route that does not exist does
 * not compile, nor does a form that refuses an answer which GitHub may give. See {@link call}.
 */
export async function github<R extends ReadRoute>(
  api: Api,
  route: R,
  parameters: Endpoints[R]['parameters'],
): Promise<Answer<undefined>>;
export async function github<R extends ReadRoute, Form extends z.ZodType>(
  api: Api,
  route: R,
  parameters: Endpoints[R]['parameters'],
  answer: Form & Takes<R, Form>,
): Promise<Answer<z.output<Form>>>;
export async function github(
  api: Api,
  route: ReadRoute,
  parameters: RequestParameters,
  answer?: z.ZodType,
): Promise<Answer<unknown>> {
  const { path, query } = requestOf(route, parameters);
  return answer === undefined ? call(api, { path, query }) : call(api, { path, query }, answer);
}

/** Writes to GitHub, as {@link github} reads. */
export async function githubWrite<R extends Exclude<Route, ReadRoute>>(
  api: Api,
  audit: Act,
  route: R,
  parameters: Endpoints[R]['parameters'],
): Promise<Answer<undefined>>;
export async function githubWrite<R extends Exclude<Route, ReadRoute>, Form extends z.ZodType>(
  api: Api,
  audit: Act,
  route: R,
  parameters: Endpoints[R]['parameters'],
  answer: Form & Takes<R, Form>,
): Promise<Answer<z.output<Form>>>;
export async function githubWrite(
  api: Api,
  audit: Act,
  route: Exclude<Route, ReadRoute>,
  parameters: RequestParameters,
  answer?: z.ZodType,
): Promise<Answer<unknown>> {
  const { method, ...rest } = requestOf(route, parameters);
  if (method === 'GET') throw new Error(`${route} is no write`);
  const request = { ...rest, method, audit };
  return answer === undefined ? call(api, request) : call(api, request, answer);
}

function requestOf(route: Route, parameters: RequestParameters) {
  const requested = endpoint<Route, RequestParameters>(route, { ...parameters, baseUrl: '' });
  const [path = '', query] = requested.url.split('?');
  const body: unknown = 'body' in requested ? requested.body : undefined;
  return {
    method: requested.method,
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    ...(body !== undefined && body !== '' && { body }),
  };
}
