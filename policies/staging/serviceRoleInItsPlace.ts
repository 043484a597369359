import type { ResourceValidationPolicy } from '@pulumi/policy';
import { supabaseRole } from '../../detection/supabaseRole.ts';
import { violation } from '../shared/report.ts';
import { variablesOf } from '../shared/variables.ts';

const wantsPublishable = /ANON|PUBLISHABLE/i;
const wantsService = /SERVICE_?ROLE|SUPABASE_SECRET/i;

/** A swap of Supabase's two keys: the application works, and everybody can read everything. Or nothing works. */
export const serviceRoleInItsPlace: ResourceValidationPolicy = {
  name: 'service-role-key-in-its-place',
  displayName: 'The service-role key in its place',
  description:
    'The service-role key is never where the anon key belongs, nor the other way round. The two are distinguished by the key’s own role, or by sb_secret_ and sb_publishable_.',
  enforcementLevel: 'mandatory',
  severity: 'critical',
  remediationSteps:
    'Swap the op:// references; if the service-role key was ever deployed in the anon key’s place, rotate it.',
  async validateResource(args, report) {
    for (const { target, name, context, value } of variablesOf(args.type, args.props)) {
      const role = value === undefined ? undefined : supabaseRole(value);
      if (role === 'service' && wantsPublishable.test(name)) {
        await violation(
          report,
          `${name} on ${target} (${context}) holds the service-role key, but only the anon key belongs there.`,
          'Correct its reference.',
        );
      }
      if (role === 'publishable' && wantsService.test(name)) {
        await violation(
          report,
          `${name} on ${target} (${context}) holds the anon key instead of the service-role key.`,
          'Correct its reference.',
        );
      }
    }
  },
};
