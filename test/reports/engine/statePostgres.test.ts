import { startPostgres } from '../../support/postgresServer.ts';
import { sharedStateTests } from '../../support/sharedState.ts';

sharedStateTests('PostgreSQL', (word) => startPostgres('state', word));
