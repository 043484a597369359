import type { Handler } from './call.ts';

/** `GET /repos/:owner/:repo` and so on: a handler by method and path. */
export type Routes = Readonly<Record<string, Handler>>;

/** A route that fits a request. */
export interface Match {
  readonly handler: Handler;
  /** The route's path, its named parts as `:name`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

/** Finds the handler of a request; of several that fit, the one with the earliest literal part wins. */
export class Router {
  readonly #routes: readonly Route[];

  constructor(...tables: readonly Routes[]) {
    this.#routes = tables
      .flatMap((table) => Object.entries(table))
      .map(([key, handler]) => {
        const [method = '', path = ''] = key.split(' ');
        return { method, path, segments: path.split('/').slice(1), handler };
      })
      .sort((one, other) => literalness(other).localeCompare(literalness(one)));
  }

  /** `path` as it came, still percent-encoded: an encoded slash is part of a name. */
  match(method: string, path: string): Match | undefined {
    const segments = path.split('/').slice(1);
    for (const route of this.#routes) {
      if (route.method !== method || route.segments.length !== segments.length) continue;
      const params = matchSegments(route.segments, segments);
      if (params) return { handler: route.handler, path: route.path, params };
    }
    return undefined;
  }
}

/** Sorts `/secrets/public-key` before `/secrets/:name`. */
function literalness({ segments }: Route): string {
  return segments.map((segment) => (segment.startsWith(':') ? '0' : '1')).join('');
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decode(segment);
    else if (part !== segment) return undefined;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray percent sign is part of the name
  }
}
