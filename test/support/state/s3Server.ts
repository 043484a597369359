import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../../launch/childEnvironment.mjs';
import { kept, reasonOf } from '../../../commands/lintWorkflows/kept.ts';
import { ended, freePort, listens, type StateServer } from './stateServer.ts';

const version = 'v1.8.0';
const region = 'us-east-1';

/** An S3 server on 127.0.0.1 that checks signatures: Versity's gateway on a folder, with one empty bucket. */
export async function startS3(keyId: string, key: string): Promise<StateServer> {
  const program = gateway();
  const folder = mkdtempSync(join(tmpdir(), 's3-'));
  const [root, metadata] = [join(folder, 'root'), join(folder, 'metadata')];
  for (const each of [join(root, 'state'), metadata]) mkdirSync(each, { recursive: true });
  const port = await freePort();
  const server = spawn(program, ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', '--sidecar', metadata, root], {
    cwd: folder,
    env: { PATH: process.env.PATH, ROOT_ACCESS_KEY: keyId, ROOT_SECRET_KEY: key, VGW_REGION: region },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await listens(server, port);
  // It checks checksums, as Amazon does; Pulumi leaves them out for an endpoint of one's own unless it is told.
  const options = `region=${region}&s3ForcePathStyle=true&request_checksum_calculation=when_supported`;
  return {
    environment: {
      PULUMI_BACKEND_URL: `s3://state?endpoint=http://127.0.0.1:${port}&${options}`,
      AWS_ACCESS_KEY_ID: keyId,
      AWS_SECRET_ACCESS_KEY: key,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async close() {
      server.kill();
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The gateway, built from its Go module (which Go holds to its checksum database) where it is not in the cache yet. */
function gateway(): string {
  const folder = kept(`versitygw-${version}`, (draft) => {
    process.stderr.write(`Building the S3 server versitygw ${version} from its Go module, once …\n`);
    try {
      execFileSync('go', ['install', `github.com/versity/versitygw/cmd/versitygw@${version}`], {
        env: { ...childEnvironment('go'), GOBIN: draft, GOFLAGS: '' },
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: 600_000,
      });
    } catch (error) {
      throw new Error(`versitygw could not be built: ${reasonOf(error, 'Go')}`, { cause: error });
    }
  });
  return join(folder, process.platform === 'win32' ? 'versitygw.exe' : 'versitygw');
}
