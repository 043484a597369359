import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { committedText, parseStack, type StackContent } from '../../settings/stack/file.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { committedFile, stackFile } from '../../settings/stack/stackFile.ts';

/**
 * Some commands of Pulumi know no --config-file and write to the file beside Pulumi.yaml instead: `stack init` and
 * others put their salt there, `stack rm` and `destroy --remove` delete it. In the sandbox that file is the
 * repository's, so it is put back.
 */
export function guardCommittedFile(root = projectRoot()): () => string | undefined {
  const file = committedFile(root);
  const before = committedText(root);
  return () => {
    const after = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    if (after === before) return undefined;
    // Only what Pulumi did is undone: somebody may have edited the file meanwhile.
    if (after !== undefined && !isDeepStrictEqual(withoutBackendKeys(after), withoutBackendKeys(before)))
      return undefined;
    writeFileSync(file, before);
    return after === undefined ? 'deleted' : 'changed the encryption salt in';
  };
}

/** The keys of a stack's file that tie it to one backend and secrets provider. */
const backendKeys = new Set(['encryptionsalt', 'encryptedkey', 'secretsprovider']);

/** What a stack's file says, without those keys. */
export function withoutBackendKeys(text: string): StackContent {
  const content = parseStack(text, stackFile());
  return Object.fromEntries(Object.entries(content).filter(([key]) => !backendKeys.has(key)));
}
