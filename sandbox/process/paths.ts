import { join, resolve } from 'node:path';
import { projectRoot } from '../../settings/stack/projectRoot.ts';

/** Where a sandbox keeps what. Everything lies in one folder, so that removing it removes the sandbox. */
export interface SandboxPaths {
  /** The stand-ins' state. */
  readonly services: string;
  /** One line of JSON a request. */
  readonly requests: string;
  /** The addresses of the stand-ins, kept for the next start. */
  readonly endpoints: string;
  /** Held by the one background process. */
  readonly lock: string;
  /** Opens the control endpoint. */
  readonly controlToken: string;
  readonly daemonLog: string;
  /** Pulumi's backend. */
  readonly pulumiState: string;
  /** Pulumi's own folder, PULUMI_HOME. */
  readonly pulumiHome: string;
  /** The stack's configuration as the sandbox uses it: the committed one with the sandbox's own secrets. */
  readonly configuration: string;
  /** A project with nothing but the stack's own salt and secret. */
  readonly stack: string;
  /** Held while the stack is set up. */
  readonly stackLock: string;
  readonly passphrase: string;
  /** What `alert:slack` remembers, and where `incident` keeps its records. */
  readonly alerts: string;
  readonly incidents: string;
  /** The journals of rotations. */
  readonly rotations: string;
  /** Who wrote what. */
  readonly audit: string;
}

/** The sandbox's folder: `STAGING_SANDBOX_DIR`, or `.sandbox` in the repository. */
export function sandboxDir(environment: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const given = environment.STAGING_SANDBOX_DIR;
  return given === undefined || given === '' ? join(projectRoot(), '.sandbox') : resolve(given);
}

/** The files and folders of a sandbox. */
export function sandboxPaths(dir: string): SandboxPaths {
  return {
    services: join(dir, 'services'),
    requests: join(dir, 'requests.jsonl'),
    endpoints: join(dir, 'endpoints.json'),
    lock: join(dir, 'daemon.lock'),
    controlToken: join(dir, 'control-token'),
    daemonLog: join(dir, 'daemon.log'),
    pulumiState: join(dir, 'state'),
    pulumiHome: join(dir, 'pulumi'),
    configuration: join(dir, 'Pulumi.staging.yaml'),
    stack: join(dir, 'stack'),
    stackLock: join(dir, 'stack.lock'),
    passphrase: join(dir, 'passphrase'),
    alerts: join(dir, 'alerts'),
    incidents: join(dir, 'incidents'),
    rotations: join(dir, 'rotations'),
    audit: join(dir, 'audit.jsonl'),
  };
}
