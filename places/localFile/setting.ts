import { placements } from '../form.ts';
import type { PlaceRules } from '../place.ts';

/** A line of the developer's own file, which `npm run env:local` writes. */
export const localFilePlacements = placements({}).describe(
  'A line of the developer’s own file, which `npm run env:local` writes.',
);

export const localFileRules: PlaceRules = {
  title: 'line of the local file',
  secret: false,
  refusal: () => undefined,
  identity: (name) => name,
};
