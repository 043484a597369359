import * as pulumi from '@pulumi/pulumi';
import { namespace, parseSettings, type Settings } from './settings.ts';

/** The settings of the stack that the engine is running. Throws a `SettingsError`. */
export function stackSettings(): Settings {
  const config = new pulumi.Config(namespace);
  const raw = {
    organizationId: config.get('organizationId'),
    netlify: config.getObject<unknown>('netlify'),
    github: config.getObject<unknown>('github'),
    supabase: config.getObject<unknown>('supabase'),
    allowDestroy: config.getBoolean('allowDestroy'),
    drift: config.getObject<unknown>('drift'),
  };
  return parseSettings(Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined)));
}

/** The key of the fingerprints in the outputs: a stack secret of its own. `undefined` when none is set: then no fingerprint is made. */
export function fingerprintKey(): pulumi.Output<string> | undefined {
  return new pulumi.Config(namespace).getSecret('fingerprintKey');
}
