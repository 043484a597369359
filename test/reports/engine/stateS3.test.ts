import { startS3 } from '../../support/state/s3Server.ts';
import { sharedStateTests } from '../../support/state/sharedState.ts';

sharedStateTests('an S3-compatible server', (word) => startS3('statekeyid', word));
