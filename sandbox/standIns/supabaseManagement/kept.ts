/** An API key of the project, as the stand-in keeps it. */
export interface KeptKey {
  readonly id: string;
  readonly name: string;
  readonly type: 'publishable' | 'secret';
  /** The key itself. */
  readonly value: string;
  readonly description: string | null;
  readonly secret_jwt_template: Readonly<Record<string, unknown>> | null;
  /** ISO 8601, as `updated_at`. */
  readonly inserted_at: string;
  readonly updated_at: string;
}

/** A secret of the project's Edge Functions, as the stand-in keeps it. */
export interface KeptSecret {
  readonly value: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}
