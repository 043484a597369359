import { PolicyPack } from '@pulumi/policy';
import { stagingPolicies } from './policies.ts';

// The one line that starts the pack's server: tests import the policies without it.
new PolicyPack('staging', { policies: stagingPolicies });
