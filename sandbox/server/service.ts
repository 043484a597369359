/** What every stand-in is: a name and a function from a request to a reply. */

/** A request as a stand-in sees it, after the server has read it whole. */
export interface ServiceRequest {
  readonly method: string;
  /** Path without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A reply; `body` is sent as JSON unless it is a Buffer or a string. */
export interface ServiceReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What the request changed, for the request log: e.g. `env SUPABASE_URL branch:staging`. Never a value. */
  readonly effects?: readonly string[];
}

/** A stand-in for one vendor's HTTP API. */
export interface Service {
  /** `netlify`, `github`, `onepassword`, … as in the request log and in fault rules. */
  readonly name: string;
  /** The path as the request log may show it, where a path can be a secret; as it is when absent. */
  loggedPath?(path: string): string;
  handle(request: ServiceRequest): ServiceReply | Promise<ServiceReply>;
}

/** A request's body as JSON; `undefined` when it is empty or not JSON. */
export function jsonBody(request: ServiceRequest): unknown {
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch {
    return undefined;
  }
}
