import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { news, PartlyTold, tell } from '../../../commands/drift/alerts.ts';
import type { Memory } from '../../../commands/drift/history.ts';
import { lookWith, someFindings } from './lookFixture.ts';

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const [organizationDiffers, variableMissing] = someFindings;
if (!organizationDiffers || !variableMissing) throw new Error('no findings');

describe('news', () => {
  it('is each finding once, and its end once', () => {
    const seen = lookWith([organizationDiffers, variableMissing]);
    expect(ids(news([], seen).fresh)).toEqual([organizationDiffers.id, variableMissing.id]);
    expect(news([organizationDiffers, variableMissing], seen)).toEqual({ fresh: [], fixed: [] });
    expect(ids(news([organizationDiffers, variableMissing], lookWith([variableMissing])).fixed)).toEqual([
      organizationDiffers.id,
    ]);
  });

  it('fixes nothing that this run did not see', () => {
    expect(news([organizationDiffers], lookWith([], { errors: ['GitHub: 500'] })).fixed).toEqual([]);
    expect(news([organizationDiffers], lookWith([], { unseen: ['Netlify'] })).fixed).toEqual([]);
    expect(ids(news([organizationDiffers], lookWith([], { unseen: ['1Password'] })).fixed)).toEqual([
      organizationDiffers.id,
    ]);
  });
});

describe('tell', () => {
  let server: Server;
  let sent: string[];
  let status: number;
  const env = () => ({ SLACK_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/x` });
  beforeEach(async () => {
    sent = [];
    status = 200;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        sent.push((JSON.parse(body) as { text: string }).text);
        response.writeHead(status).end(status === 200 ? 'ok' : 'no_service');
        if (sent.length === 1 && status === 200 && failSecond) status = 404;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  let failSecond = false;

  it('sends one alert for each new finding and none in the next run, then one when it is fixed', async () => {
    const empty: Memory = { runs: [], told: [], failing: false };
    const first = await tell(empty, lookWith(someFindings), env());
    expect(sent).toHaveLength(4);
    expect(sent[0]).toContain('Staging drifted: organization-differs:DEFAULT_ORGANIZATION_ID');
    const second = await tell(first, lookWith(someFindings), env());
    expect(sent).toHaveLength(4);
    const third = await tell(second, lookWith(someFindings.slice(1)), env());
    expect(sent.slice(4)).toEqual([expect.stringContaining('Staging fixed: organization-differs')]);
    expect(ids(third.told)).toEqual(ids(someFindings.slice(1)));
  });

  it('begins the next run where an undelivered alert stopped this one', async () => {
    failSecond = true;
    const error = await tell({ runs: [], told: [], failing: false }, lookWith(someFindings), env()).catch(
      (reason: unknown) => reason,
    );
    failSecond = false;
    expect(error).toBeInstanceOf(PartlyTold);
    expect(ids((error as PartlyTold).memory.told)).toEqual([organizationDiffers.id]);
  });

  it('tells once that the look fails, however often it does, and once that it works again', async () => {
    const failed = lookWith([variableMissing], { errors: ['Netlify GET /env: 500.'] });
    const first = await tell({ runs: [], told: [], failing: false }, failed, env());
    expect(sent).toEqual([
      expect.stringContaining('The look for drift fails'),
      expect.stringContaining('variable-missing'),
    ]);
    const second = await tell(first, lookWith([variableMissing], { errors: ['GitHub GET /x: 403.'] }), env());
    expect(sent).toHaveLength(2);
    const third = await tell(second, lookWith([variableMissing]), env());
    expect(sent.slice(2)).toEqual([expect.stringContaining('The look for drift works again')]);
    expect(await tell(third, lookWith([variableMissing]), env())).toEqual(third);
    expect(sent).toHaveLength(3);
  });

  it('fails when there is news and nobody to tell it to', async () => {
    await expect(tell({ runs: [], told: [], failing: false }, lookWith(someFindings), {})).rejects.toThrow(
      'SLACK_WEBHOOK_URL',
    );
    await expect(tell({ runs: [], told: [], failing: false }, lookWith([]), {})).resolves.toEqual({
      runs: [],
      told: [],
      failing: false,
    });
  });
});
