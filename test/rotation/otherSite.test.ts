import { expect, it } from '@jest/globals';
import { otherSite } from '../../rotation/otherSite.ts';
import { subjectOf } from '../../rotation/subject.ts';
import { parseSettings, type Settings } from '../../settings/settings.ts';
import { valid } from '../settings/raw.ts';

const raw = valid();
const op = (field: string) => `op://Platform/Supabase/${field}`;
Object.assign(raw.values, {
  SUPABASE_SERVICE_ROLE_KEY: { from: op('service'), netlify: { secret: true } },
  OPENAI_API_KEY: { from: op('openai'), netlify: { secret: true } },
});
const settings = parseSettings(raw);
const subject = subjectOf(settings, 'SUPABASE_SERVICE_ROLE_KEY');
const apart = (mode: Settings['netlify']['mode'], project: Settings['supabase']['mode']): Settings => ({
  ...settings,
  netlify: { ...settings.netlify, mode, productionSite: 'the-live-site' },
  supabase: { ...settings.supabase, mode: project },
});

it('names production’s own site, which nobody sees from here, before a key of the shared project ends', () => {
  const found = otherSite(apart('separate-site', 'shared-project'), { subject });
  expect(found).toEqual([expect.stringContaining('the-live-site')]);
});

it('names nothing where production has this site, another project, or the key is another vendor’s', () => {
  expect(otherSite(apart('shared-site', 'shared-project'), { subject })).toEqual([]);
  expect(otherSite(apart('separate-site', 'separate-project'), { subject })).toEqual([]);
  const openai = subjectOf(settings, 'OPENAI_API_KEY');
  expect(otherSite(apart('separate-site', 'shared-project'), { subject: openai })).toEqual([]);
});
