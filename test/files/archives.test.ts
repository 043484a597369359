import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { sarifReport } from '../../commands/scan/report/sarif.ts';
import { summaryLine, textReport } from '../../commands/scan/report/text.ts';
import { unpack } from '../../files/archives.ts';
import { unreadFinding } from '../../files/unread.ts';
import { plainly } from '../../machine/paint.ts';

const limit = 1024 * 1024;

describe('an archive', () => {
  it('is unpacked as a whole below the limit', () => {
    expect(unpack(gzipSync(Buffer.alloc(1000)), limit)).toEqual({ contents: [Buffer.alloc(1000)] });
    expect(unpack(Buffer.from(zipSync({ a: strToU8('x') })), limit)).toEqual({ contents: [Buffer.from('x')] });
  });

  it('says what is beyond the limit', () => {
    const unread = 'it unpacks to more than 1 MiB';
    expect(unpack(gzipSync(Buffer.alloc(limit * 2)), limit)).toMatchObject({ unread });
    const zip = Buffer.from(zipSync({ a: strToU8('x'), b: new Uint8Array(limit * 2) }));
    expect(unpack(zip, limit)).toEqual({ contents: [Buffer.from('x')], unread });
  });

  it('says that it is damaged', () => {
    expect(unpack(Buffer.from('PK\x03\x04damaged'), limit)).toMatchObject({
      unread: expect.stringMatching(/damaged/) as unknown,
    });
  });
});

describe('what was not read', () => {
  const finding = unreadFinding({ file: 'a.zip', read: () => [] }, 'it is damaged');

  it('stands in the summary, in the text and in SARIF', () => {
    expect(summaryLine([finding])).toBe('No secrets found. 1 file was not looked through as a whole.\n');
    expect(summaryLine([])).toBe('No secrets found.\n');
    expect(textReport([finding], plainly)).toContain('not looked through as a whole: it is damaged\n');
    expect(sarifReport([finding])).toContain('not looked through as a whole: it is damaged. Unpack it');
  });
});
