import type { Policies } from '@pulumi/policy';
import { browserVariable } from './browserVariable.ts';
import { rawSecretInConfiguration } from './rawSecretInConfiguration.ts';
import { rawSecretInInput } from './rawSecretInInput.ts';
import { secretFromReference } from './secretFromReference.ts';
import { secretInCommittedFile } from './secretInCommittedFile.ts';
import { secretInId, secretInName } from './secretInName.ts';
import { secretInOutput } from './secretInOutput.ts';
import { sensitiveVariable } from './sensitiveVariable.ts';

/** The policies of this pack, for any program. */
export const secretsPolicies: Policies = [
  rawSecretInInput,
  secretFromReference,
  rawSecretInConfiguration,
  secretInOutput,
  secretInName,
  secretInId,
  sensitiveVariable,
  browserVariable,
  secretInCommittedFile,
];
