import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findBrowser, launchBrowser } from '../browser/browser.ts';
import { TransientError } from '../retry.ts';
import { CheckFailure, type Check } from './check.ts';
import type { Target } from './target.ts';
import { redactTrace } from './trace.ts';

/** What the page complained about while it was used. */
function listen(page: Page, target: Target): string[] {
  const complaints: string[] = [];
  const note = (text: string) => {
    if (complaints.length < 20) complaints.push(target.redact(text).slice(0, 300));
  };
  page.on('pageerror', (error) => note(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') note(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => note(`no answer: ${request.method()} ${new URL(request.url()).pathname}`));
  return complaints;
}

/** Waits for a selector; says what was waited for, and what the page complained about meanwhile. */
async function appears(
  page: Page,
  selector: string,
  what: string,
  failureClass: 'sign-in' | 'dashboard',
  complaints: readonly string[],
): Promise<void> {
  try {
    await page.locator(selector).first().waitFor({ state: 'visible' });
  } catch {
    const why = complaints.length > 0 ? `; the page said: ${complaints.slice(0, 3).join('; ')}` : '';
    throw new CheckFailure(failureClass, `${what} did not appear (${selector})${why}`);
  }
}

async function use(page: Page, target: Target): Promise<number> {
  const { selectors } = target;
  const complaints = listen(page, target);
  try {
    await page.goto(target.url + selectors.signInPath, { waitUntil: 'load' });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new TransientError(`the page cannot be opened: ${/net::\w+/.exec(text)?.[0] ?? 'no answer in time'}`);
  }
  await appears(page, selectors.email, 'the sign-in form', 'sign-in', complaints);
  await page.locator(selectors.email).fill(target.email);
  await page.locator(selectors.password).fill(target.password);
  await page.locator(selectors.submit).click();
  await appears(page, selectors.dashboard, 'the dashboard', 'dashboard', complaints);
  await appears(page, selectors.data, "the dashboard's data", 'dashboard', complaints);
  const crash = complaints.find((complaint) => complaint.startsWith('error:'));
  if (crash !== undefined) throw new CheckFailure('dashboard', `the page threw: ${crash}`);
  return page.locator(selectors.data).count();
}

/** Sign-in on the page, and the dashboard with data, in a real browser; leaves a screenshot and a trace, also of a failure. */
export const dashboard: Check = {
  name: 'dashboard',
  title: 'The dashboard renders data in a browser',
  transientClass: 'dashboard',
  async run(target) {
    const found = await findBrowser();
    const browser = await launchBrowser(found);
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      context.setDefaultTimeout(target.timeoutMs);
      await context.tracing.start({ screenshots: true, snapshots: true });
      const page = await context.newPage();
      const trace = join(target.reportFolder, 'trace.zip');
      try {
        const rows = await use(page, target);
        return {
          detail: `${rows} item(s) of data rendered`,
          facts: { items: rows, browser: `${found.origin} ${browser.version()}` },
        };
      } finally {
        // What was typed must not be seen, and the field may show its text.
        await page
          .locator(target.selectors.password)
          .first()
          .fill('', { timeout: 500 })
          .catch(() => undefined);
        await page.screenshot({ path: join(target.reportFolder, 'dashboard.png') }).catch(() => undefined);
        await context.tracing.stop({ path: trace });
        redactTrace(trace, target.redact);
      }
    } finally {
      await browser.close();
    }
  },
};
