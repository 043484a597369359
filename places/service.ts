import type { RepositoryName } from '../services/github/github.ts';
import type { Thing } from './place.ts';

/** Where the services are that hold values. */
export interface PlaceServices {
  readonly repository: RepositoryName;
  /** The reference of the Supabase project. */
  readonly project: string;
}

/** A thing in a place, as its service lists it. Times are ISO 8601. */
export interface LivePlaced {
  /** As the service spells it. */
  readonly name: string;
  readonly createdAt?: string | undefined;
  readonly updatedAt?: string | undefined;
  /** Its value, where the service shows it. */
  readonly value?: string;
  /** SHA-256 of its value as hexadecimal digits, where the service shows that. */
  readonly digest?: string;
}

/** How a place is read and written at its service, past the engine. Each call may throw a `ServiceError`. */
export interface PlaceService {
  /** All that is there, in one request for a hundred; of an environment, where one is named. */
  readonly list: (services: PlaceServices, environment: string | undefined) => Promise<readonly LivePlaced[]>;
  /** Writes a value over whatever is there. Yields the service's time of the write, where it gives one. */
  readonly write: (services: PlaceServices, thing: Thing, value: string) => Promise<string | undefined>;
  readonly remove: (services: PlaceServices, thing: Thing) => Promise<void>;
}
