import * as pulumi from '@pulumi/pulumi';
import { allowanceVariables } from '../settings/allowances.ts';
import type { Settings } from '../settings/settings.ts';
import { plainFingerprintKey } from '../settings/stack/stack.ts';
import { approvedBy, openTrail } from './trail.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** Sends the audit lines of the program that the engine runs to its stack's file, with what this run was allowed. */
export function openProgramTrail({ audit }: Pick<Settings, 'audit'>, env: NodeJS.ProcessEnv = process.env): void {
  openTrail({
    stack: pulumi.getStack(),
    command: forStack('pulumi up'),
    file: () => audit.file,
    key: () => Promise.resolve(plainFingerprintKey()),
  });
  const allowed = allowanceVariables.filter((name) => env[name] === 'allow');
  if (allowed.length > 0) approvedBy(allowed.map((name) => `${name}=allow`).join(' '));
}
