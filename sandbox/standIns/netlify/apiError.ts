import type { ServiceReply } from '../../server/service.ts';

/** A refusal in the vendor's shape: `{code, message}` with the same status. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  get reply(): ServiceReply {
    return { status: this.status, body: { code: this.status, message: this.message } };
  }
}

export const notFound = () => new ApiError(404, 'Not Found');
/** The words that Netlify's environment service puts before what it found wrong. */
export const badRequest = (what: string) => new ApiError(400, `invalid request: ${what}`);
export const unprocessable = (what: string) => new ApiError(422, what);
