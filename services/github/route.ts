import { endpoint } from '@octokit/endpoint';
import type { Endpoints, RequestParameters } from '@octokit/types';
import type { z } from 'zod';
import { call, type Answer, type Api, type Call } from '../door/http.ts';

/** A method and path of GitHub's own description of its API. */
export type Route = keyof Endpoints;

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

/** Repeats and time limits of one call. */
type Options = Pick<Call, 'repeatable' | 'timeoutMs'>;

/**
 * Calls GitHub by a route and its parameters, as GitHub's published types know them: a route that does not exist does not
 * compile, nor does a form that refuses an answer which GitHub may give. See {@link call}.
 */
export async function github<R extends Route>(
  api: Api,
  route: R,
  parameters: Endpoints[R]['parameters'],
  answer?: undefined,
  options?: Options,
): Promise<Answer<undefined>>;
export async function github<R extends Route, Form extends z.ZodType>(
  api: Api,
  route: R,
  parameters: Endpoints[R]['parameters'],
  answer: Form & Takes<R, Form>,
  options?: Options,
): Promise<Answer<z.output<Form>>>;
export async function github(
  api: Api,
  route: Route,
  parameters: Readonly<Record<string, unknown>>,
  answer?: z.ZodType,
  options: Options = {},
): Promise<Answer<unknown>> {
  const requested = endpoint<Route, RequestParameters>(route, { ...parameters, baseUrl: '' });
  const { method, url } = requested;
  const [path = '', query] = url.split('?');
  const request = { ...options, method, path, query: Object.fromEntries(new URLSearchParams(query)) };
  const body: unknown = 'body' in requested ? requested.body : undefined;
  const sent = body === undefined || body === '' ? request : { ...request, body };
  return answer === undefined ? call(api, sent) : call(api, sent, answer);
}
