import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findBrowser, launchBrowser } from '../../../commands/previewSmoke/browser/browser.ts';
import { reportHtml } from '../../../commands/drift/report/html.ts';
import { lookWith, settings, someFindings, someReaders } from './lookFixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'drift-report-'));
const file = join(folder, 'report.html');
const run = (high: number) => ({
  time: '2026-01-02T03:04:05.000Z',
  counts: { low: 1, medium: 0, high, critical: 0 },
  complete: high < 2,
});
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

let browser: Browser;
beforeAll(async () => {
  const seen = lookWith(someFindings, {
    readers: someReaders,
    notChecked: ['1Password: no access.'],
    errors: ['GitHub GET /x: 500.'],
  });
  const html = reportHtml({
    settings,
    seen,
    runs: [run(1), run(2)],
    now: Date.parse('2026-01-03T00:00:00Z'),
    stack: 'staging',
  });
  writeFileSync(file, html);
  browser = await launchBrowser(await findBrowser());
}, 600_000);
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page, with every request that it makes beyond its own file. */
async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; requests: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, requests: requests.filter((url) => url !== pathToFileURL(file).href) };
}

describe('the report, in a browser', () => {
  it.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 360],
    ['dark', 360],
  ] as const)(
    'has no accessibility violation, %s at %d pixels',
    async (colorScheme, width) => {
      const { page } = await open({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { axe: checker } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const result = await checker.run();
        return result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      });
      expect(violations).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  it('asks nothing of any network, and runs no script', async () => {
    const { page, requests } = await open();
    expect(requests).toEqual([]);
    expect(await page.locator('script').count()).toBe(0);
    expect(await page.locator('img').count()).toBe(0);
    await page.context().close();
  }, 30_000);

  it('is as wide as a phone, with the tables scrolling in themselves', async () => {
    const { page } = await open({ viewport: { width: 360, height: 640 } });
    const [page_, view] = await page.evaluate<number[]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect(page_).toBe(view);
    await page.context().close();
  }, 30_000);

  it('has other colours in the dark', async () => {
    const background = async (colorScheme: 'light' | 'dark') => {
      const { page } = await open({ colorScheme });
      const colour = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      await page.context().close();
      return colour;
    };
    expect([await background('light'), await background('dark')]).toEqual(['rgb(255, 255, 255)', 'rgb(13, 17, 23)']);
  }, 30_000);

  it('opens each finding by keyboard, and lets a keyboard reach every command and table', async () => {
    const { page } = await open();
    const closed = page.locator('details:not([open])').first();
    await closed.locator('summary').focus();
    const name = await closed.locator('summary').innerText();
    await page.keyboard.press('Enter');
    expect(
      await page.locator('details[open] summary', { hasText: name.split(' ').at(-1) ?? '' }).count(),
    ).toBeGreaterThan(0);
    await page.evaluate('document.activeElement?.blur()');
    const reached = new Set<string>();
    for (let step = 0; step < 30; step += 1) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate<string>('document.activeElement?.tagName'));
    }
    expect([...reached]).toEqual(expect.arrayContaining(['A', 'DIV', 'SUMMARY', 'PRE']));
    await page.context().close();
  }, 30_000);

  it('shows the matrix, the findings with their fixes, and the runs', async () => {
    const { page } = await open();
    const text = await page.locator('body').innerText();
    for (const part of [
      'OPENAI_API_KEY',
      'branch:staging',
      'npm run drift -- --fix --only variable-missing:OPENAI_API_KEY',
      'not complete',
      'GitHub GET /x: 500.',
      '& "Colleague"',
    ])
      expect(text).toContain(part);
    const row = page.locator('tr', { has: page.locator('th', { hasText: 'DEFAULT_ORGANIZATION_ID' }) });
    expect(await row.locator('td').allInnerTexts()).toEqual(
      ['?not seen', '?not seen', '·not meant to be there', '·not meant to be there'].map((each) =>
        expect.stringContaining(each.slice(1)),
      ),
    );
    await page.context().close();
  }, 30_000);
});
