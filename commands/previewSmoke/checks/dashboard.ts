import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findBrowser, launchBrowser } from '../browser/browser.ts';
import { CheckFailure, type Check } from '../check.ts';
import { listen, type Complaints } from './complaints.ts';
import { proofOf, type Proof } from '../config.ts';
import { drawLayout, viewport } from '../picture.ts';
import { sendSignInForm } from './signInForm.ts';
import type { Target } from '../target.ts';
import { redactTrace } from '../trace.ts';

/** What the page complained of, for the end of a failure's message. */
function said({ lines }: Complaints): string {
  return lines.length > 0 ? `; meanwhile: ${lines.slice(0, 4).join('; ')}` : '';
}

/** A text as a regular expression that matches it alone. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

/** Waits for what proves the role's page; an empty day has all of it. */
async function prove(page: Page, target: Target, complaints: Complaints): Promise<void> {
  const { heading, texts, never }: Proof = proofOf(target.config, target.role);
  const headings = [heading].flat();
  const beginning = new RegExp(`^\\s*(?:${headings.map(escaped).join('|')})`);
  try {
    await page.getByRole('heading', { name: beginning }).first().waitFor({ state: 'visible' });
  } catch {
    const formIsThere = await page.locator(target.config.signIn.password).first().isVisible();
    const sent = 'the sign-in form was found, filled and sent';
    throw formIsThere
      ? new CheckFailure('sign-in', `${sent}, and the page did not let the user in${said(complaints)}`)
      : new CheckFailure(
          'dashboard',
          `${sent}; no heading “${headings.join('” or “')}” appeared, as role ${target.role} should see${said(complaints)}`,
        );
  }
  // What loads late may still fail: the page has a moment to come to rest.
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
  for (const text of never) {
    if (await page.getByText(text).first().isVisible()) {
      throw new CheckFailure('dashboard', `the page says “${text}”${said(complaints)}`);
    }
  }
  for (const text of texts) {
    try {
      await page.getByText(text).first().waitFor({ state: 'visible' });
    } catch {
      throw new CheckFailure('dashboard', `the text “${text}” did not appear${said(complaints)}`);
    }
  }
}

/** A picture of the layout; with `--evidence full` the page as it is, and a trace of all that happened. */
async function keepEvidence(browser: Browser, context: BrowserContext, page: Page, target: Target): Promise<void> {
  const picture = join(target.reportFolder, 'dashboard.png');
  if (target.evidence === 'blanked') {
    await drawLayout(browser, page, picture).catch(() => undefined);
    return;
  }
  const trace = join(target.reportFolder, 'trace.zip');
  // What was typed must not be seen, and the field may show its text.
  await page
    .locator(target.config.signIn.password)
    .first()
    .fill('', { timeout: 500 })
    .catch(() => undefined);
  await page.screenshot({ path: picture }).catch(() => undefined);
  await context.tracing.stop({ path: trace });
  redactTrace(trace, target.redact);
}

/** Sign-in on the page, and what the user's role must see there, in a real browser. */
export const dashboard: Check = {
  name: 'dashboard',
  title: 'The dashboard renders in a browser',
  transientClass: 'dashboard',
  async run(target) {
    if (target.seen.foreign === true) {
      throw new CheckFailure(
        'sign-in',
        'not tried: the site is bound to another Supabase project, which gets no password',
      );
    }
    const found = await findBrowser();
    const browser = await launchBrowser(found);
    try {
      // A service worker may reload the page while the form is filled.
      const context = await browser.newContext({ viewport, serviceWorkers: 'block' });
      context.setDefaultTimeout(target.timeoutMs);
      if (target.evidence === 'full') await context.tracing.start({ screenshots: true, snapshots: true });
      const page = await context.newPage();
      const complaints = listen(page, target);
      try {
        await sendSignInForm(page, target);
        await prove(page, target, complaints);
        return {
          detail: `signed in as ${target.role}, the page is what that role must see`,
          facts: {
            role: target.role,
            uncaughtErrors: complaints.uncaught,
            evidence: target.evidence,
            browser: `${found.origin} ${browser.version()}`,
          },
        };
      } finally {
        await keepEvidence(browser, context, page, target);
      }
    } finally {
      await browser.close();
    }
  },
};
