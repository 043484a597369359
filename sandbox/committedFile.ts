import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { projectRoot } from '../settings/projectRoot.ts';

/**
 * Some commands of Pulumi know no --config-file and write to the file beside Pulumi.yaml instead: `stack init` and
 * others put their salt there, `stack rm` and `destroy --remove` delete it. In the sandbox that file is the
 * repository's, so it is put back.
 */
export function guardCommittedFile(root = projectRoot()): () => string | undefined {
  const file = join(root, 'Pulumi.staging.yaml');
  const before = readFileSync(file, 'utf8');
  return () => {
    const after = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    if (after === before) return undefined;
    // Only what Pulumi did is undone: somebody may have edited the file meanwhile.
    if (after !== undefined && withoutKeys(after) !== withoutKeys(before)) return undefined;
    writeFileSync(file, before);
    return after === undefined ? 'deleted' : 'changed the encryption salt in';
  };
}

/** The content without what ties it to a backend; formatting and comments do not count. */
function withoutKeys(text: string): string {
  const document = parseDocument(text);
  for (const key of ['encryptionsalt', 'encryptedkey', 'secretsprovider']) document.delete(key);
  return JSON.stringify(document.toJS());
}
