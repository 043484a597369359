import { PolicyPack } from '@pulumi/policy';
import { secretsPolicies } from './policies.ts';
import { startScan } from './secretInCommittedFile.ts';

// The one line that starts the pack's server: tests import the policies without it.
new PolicyPack('secrets', { policies: secretsPolicies });
startScan();
