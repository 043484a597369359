/** Why the door gave no answer. */
export type Trouble =
  /** The address is neither https nor this machine itself; nothing was sent. */
  | 'no-tls'
  /** This process checks no certificates; nothing was sent. */
  | 'unchecked'
  /** The service sends elsewhere. A credential never follows. */
  | 'redirect'
  /** The answer is longer than anything that this project asks for. */
  | 'too-large'
  | 'time-out'
  /** No connection, or it broke before the answer was whole. */
  | 'connection';

/** There is no answer to use. The message holds no address, no header and no body. */
export class DoorError extends Error {
  override readonly name = 'DoorError';
  readonly trouble: Trouble;
  /** Of a redirect: its status, and where it leads. */
  readonly redirect: { readonly status: number; readonly location: URL | undefined } | undefined;

  constructor(
    trouble: Trouble,
    message: string,
    options?: ErrorOptions & { readonly redirect?: DoorError['redirect'] },
  ) {
    super(message, options);
    this.trouble = trouble;
    this.redirect = options?.redirect;
  }

  /** Whether it may pass by itself. */
  get mayPass(): boolean {
    return this.trouble === 'time-out' || this.trouble === 'connection';
  }
}
