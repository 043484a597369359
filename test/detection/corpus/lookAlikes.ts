import { codeAndText } from './lookAlikes/codeAndText.ts';
import { digestsAndIds } from './lookAlikes/digestsAndIds.ts';
import { placeholders } from './lookAlikes/placeholders.ts';
import { publicValues } from './lookAlikes/publicValues.ts';
import type { LookAlike } from './lookAlikes/lookAlike.ts';

/** Every look-alike. */
export const lookAlikes: readonly LookAlike[] = [...digestsAndIds, ...publicValues, ...placeholders, ...codeAndText];
