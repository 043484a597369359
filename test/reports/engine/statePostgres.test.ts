import { startPostgres } from '../../support/state/postgresServer.ts';
import { sharedStateTests } from '../../support/state/sharedState.ts';

sharedStateTests('PostgreSQL', (word) => startPostgres('state', word));
