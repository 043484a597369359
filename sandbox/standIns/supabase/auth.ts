import { randomBytes, randomUUID, scryptSync, timingSafeEqual } from 'node:crypto';
import { jsonBody, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import type { Database } from './database.ts';
import { signToken, type Claims } from './keys.ts';

interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly password_salt: string;
  readonly password_hash: string;
  readonly app_metadata: Record<string, unknown>;
  readonly user_metadata: Record<string, unknown>;
  readonly created_at: Date;
}

/** What a new user is made of. */
export interface NewUser {
  readonly email: string;
  readonly password: string;
  readonly app_metadata?: Readonly<Record<string, unknown>>;
  readonly user_metadata?: Readonly<Record<string, unknown>>;
}

const sessionSeconds = 3600;

function refuse(status: number, code: string, message: string): ServiceReply {
  return { status, body: { code: status, error_code: code, msg: message } };
}

function hash(password: string, salt: string): Buffer {
  return scryptSync(password, salt, 32);
}

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('the database returned no row');
  return row;
}

function publicUser(row: UserRow): Record<string, unknown> {
  return {
    id: row.id,
    aud: 'authenticated',
    role: 'authenticated',
    email: row.email,
    app_metadata: { provider: 'email', ...row.app_metadata },
    user_metadata: row.user_metadata,
    identities: [],
    created_at: row.created_at.toISOString(),
  };
}

/** The auth path (`/auth/v1/…`): GoTrue's password and refresh sign-in, the user, sign-out, and the admin's users. */
export class Auth {
  readonly #database: Database;
  readonly #jwtSecret: () => string;

  constructor(database: Database, jwtSecret: () => string) {
    this.#database = database;
    this.#jwtSecret = jwtSecret;
  }

  /** Makes a user, or sets the password and metadata of one with this address. */
  async saveUser(user: NewUser): Promise<Record<string, unknown>> {
    const salt = randomBytes(16).toString('hex');
    const { rows } = await this.#database.superuser.query<UserRow>(
      `insert into auth.users (email, password_salt, password_hash, app_metadata, user_metadata) values ($1, $2, $3, $4, $5)
       on conflict (email) do update set password_salt = excluded.password_salt,
         password_hash = excluded.password_hash, app_metadata = excluded.app_metadata,
         user_metadata = excluded.user_metadata returning *`,
      [
        user.email,
        salt,
        hash(user.password, salt).toString('hex'),
        JSON.stringify(user.app_metadata ?? {}),
        JSON.stringify(user.user_metadata ?? {}),
      ],
    );
    return publicUser(only(rows));
  }

  async handle(claims: Claims, request: ServiceRequest): Promise<ServiceReply> {
    const path = request.path.slice('/auth/v1'.length);
    const is = (method: string, wanted: string) => request.method === method && path === wanted;
    if (is('GET', '/health')) return { status: 200, body: { name: 'GoTrue', description: 'sandbox' } };
    if (is('GET', '/settings')) return { status: 200, body: { disable_signup: true, external: { email: true } } };
    if (is('POST', '/token')) return this.#token(request);
    if (is('POST', '/signup')) return refuse(422, 'signup_disabled', 'Signups not allowed for this instance');
    if (is('GET', '/user')) return this.#user(claims);
    if (is('POST', '/logout')) return this.#signOut(claims);
    if (path.startsWith('/admin/users')) return this.#admin(claims, request, path.slice('/admin/users'.length + 1));
    return { status: 404, body: { code: 404, msg: `the sandbox has no ${request.method} ${request.path}` } };
  }

  async #token(request: ServiceRequest): Promise<ServiceReply> {
    const body = (jsonBody(request) ?? {}) as Record<string, unknown>;
    const kind = request.query.get('grant_type');
    if (kind === 'password') return this.#password(String(body.email), String(body.password));
    if (kind === 'refresh_token') return this.#refresh(String(body.refresh_token));
    return refuse(400, 'validation_failed', 'unsupported_grant_type');
  }

  async #password(email: string, password: string): Promise<ServiceReply> {
    const row = await this.#find('email = $1', email);
    const given = hash(password, row?.password_salt ?? '');
    const wanted = Buffer.from(row?.password_hash ?? '00'.repeat(32), 'hex');
    if (!row || !timingSafeEqual(given, wanted)) {
      return refuse(400, 'invalid_credentials', 'Invalid login credentials');
    }
    return this.#session(row);
  }

  async #refresh(token: string): Promise<ServiceReply> {
    const { rows } = await this.#database.superuser.query<{ user_id: string }>(
      'delete from auth.refresh_tokens where token = $1 returning user_id',
      [token],
    );
    const row = rows[0] && (await this.#find('id::text = $1', rows[0].user_id));
    if (!row) return refuse(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found');
    return this.#session(row);
  }

  async #session(row: UserRow): Promise<ServiceReply> {
    const now = Math.floor(Date.now() / 1000);
    const refreshToken = randomBytes(12).toString('base64url');
    await this.#database.superuser.query('insert into auth.refresh_tokens (token, user_id) values ($1, $2)', [
      refreshToken,
      row.id,
    ]);
    const accessToken = signToken(this.#jwtSecret(), {
      role: 'authenticated',
      aud: 'authenticated',
      sub: row.id,
      email: row.email,
      app_metadata: row.app_metadata,
      session_id: randomUUID(),
      iat: now,
      exp: now + sessionSeconds,
    });
    return {
      status: 200,
      body: {
        access_token: accessToken,
        token_type: 'bearer',
        expires_in: sessionSeconds,
        expires_at: now + sessionSeconds,
        refresh_token: refreshToken,
        user: publicUser(row),
      },
      effects: ['sign-in'],
    };
  }

  async #user(claims: Claims): Promise<ServiceReply> {
    const row = claims.sub === undefined ? undefined : await this.#find('id::text = $1', claims.sub);
    return row ? { status: 200, body: publicUser(row) } : refuse(403, 'bad_jwt', 'invalid claim: missing sub claim');
  }

  async #signOut(claims: Claims): Promise<ServiceReply> {
    if (claims.sub === undefined) return refuse(401, 'no_authorization', 'This endpoint requires a Bearer token');
    await this.#database.superuser.query('delete from auth.refresh_tokens where user_id::text = $1', [claims.sub]);
    return { status: 204, effects: ['sign-out'] };
  }

  async #admin(claims: Claims, request: ServiceRequest, id: string): Promise<ServiceReply> {
    if (claims.role !== 'service_role') return refuse(403, 'not_admin', 'User not allowed');
    const { superuser } = this.#database;
    if (request.method === 'POST' && id === '') {
      const body = jsonBody(request) as NewUser;
      if (await this.#find('email = $1', body.email)) {
        return refuse(422, 'email_exists', 'A user with this email address has already been registered');
      }
      return { status: 200, body: await this.saveUser(body), effects: ['create user'] };
    }
    if (request.method === 'GET' && id === '') {
      const { rows } = await superuser.query<UserRow>('select * from auth.users order by created_at');
      return { status: 200, body: { users: rows.map(publicUser), aud: 'authenticated' } };
    }
    const row = await this.#find('id::text = $1', id);
    if (!row) return refuse(404, 'user_not_found', 'User not found');
    if (request.method === 'DELETE') {
      await superuser.query('delete from auth.users where id = $1', [row.id]);
      return { status: 200, body: {}, effects: ['delete user'] };
    }
    return { status: 200, body: publicUser(row) };
  }

  async #find(condition: string, value: string): Promise<UserRow | undefined> {
    const { rows } = await this.#database.superuser.query<UserRow>(`select * from auth.users where ${condition}`, [
      value,
    ]);
    return rows[0];
  }
}
