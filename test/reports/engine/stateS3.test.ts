import { startS3 } from '../../support/s3Server.ts';
import { sharedStateTests } from '../../support/sharedState.ts';

sharedStateTests('an S3-compatible server', (word) => startS3('statekeyid', word));
