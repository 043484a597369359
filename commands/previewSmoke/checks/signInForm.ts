import type { Page } from 'playwright-core';
import { TransientError } from '../../../services/door/retry.ts';
import { CheckFailure } from '../check.ts';
import type { Target } from '../target.ts';

/** Opens the sign-in page. Throws unless it is the site's own: a password is typed into no other. */
async function open(page: Page, { url, config }: Target): Promise<void> {
  try {
    await page.goto(url + config.signIn.path, { waitUntil: 'load' });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new TransientError(`the page cannot be opened: ${/net::\w+/.exec(text)?.[0] ?? 'no answer in time'}`);
  }
  if (new URL(page.url()).origin === new URL(url).origin) return;
  throw new CheckFailure('sign-in', 'the site leads to another address for signing in: no password was typed there');
}

/** Finds the form, fills it and sends it. */
export async function sendSignInForm(page: Page, target: Target): Promise<void> {
  const { email, password, submit, path } = target.config.signIn;
  await open(page, target);
  for (const [selector, what] of [
    [email, 'the field for the address'],
    [password, 'the field for the password'],
    [submit, 'the button'],
  ] as const) {
    try {
      await page.locator(selector).first().waitFor({ state: 'visible' });
    } catch {
      throw new CheckFailure('sign-in', `${what} of the sign-in form did not appear at ${path} (${selector})`);
    }
  }
  await page.locator(email).first().fill(target.email);
  await page.locator(password).first().fill(target.password);
  await page.locator(submit).first().click();
}
