import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { attemptInTimeline } from '../../incidents/timeline.ts';
import { saveIncident, type Incident } from '../../incidents/record.ts';

let root: string;
const folder = () => join(root, 'incidents');
const environment = { ...process.env };
const incident: Incident = {
  id: '2026-01-01-0000',
  title: 'Staging is down',
  severity: 'high',
  kind: 'deploy',
  lead: 'on-call',
  startedAt: '2026-01-01T00:00:00.000Z',
  timeline: [],
};
const timelineOf = (id: string) =>
  (JSON.parse(readFileSync(join(folder(), `${id}.json`), 'utf8')) as Incident).timeline.map(({ text }) => text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'timeline-'));
  saveIncident(folder(), incident);
  saveIncident(folder(), { ...incident, id: 'closed', closedAt: '2026-01-01T01:00:00.000Z' });
});
afterEach(() => {
  process.env = { ...environment };
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

it('work of a command stands in the timeline of every open incident, and in no closed one', async () => {
  await expect(attemptInTimeline(root, 'adopt: took over 3', () => Promise.resolve('result'))).resolves.toBe('result');
  expect([timelineOf(incident.id), timelineOf('closed')]).toEqual([['adopt: took over 3'], []]);
});

it('work that failed stands there with its cause, and no secret of it', async () => {
  const token = `nfp_${randomBytes(18).toString('hex')}`;
  process.env.NETLIFY_API_TOKEN = token;
  const work = attemptInTimeline(root, 'recover: settled', () => Promise.reject(new Error(`refused ${token}`)));
  await expect(work).rejects.toThrow('refused');
  const [line = ''] = timelineOf(incident.id);
  expect(line).toMatch(/^recover: settled: FAILED\. refused /);
  expect(line).not.toContain(token);
});

it('a record that cannot be read stops nobody, and says how to add the line', async () => {
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  writeFileSync(join(folder(), `${incident.id}.json`), '{');
  await expect(attemptInTimeline(root, 'adopt: took over 3', () => Promise.resolve(1))).resolves.toBe(1);
  expect(String(said.mock.calls[0]?.[0])).toContain('Add it: npm run incident -- update');
});
