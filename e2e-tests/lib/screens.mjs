// Where things stand on the screens, by role and accessible name, for the tests that go through several of them.
import { expect } from '@playwright/test';

/** A list's entry by the link in it; `within` is a page or a part of one. */
function entry(within, title) {
  const page = 'page' in within ? within.page() : within;
  return within.getByRole('listitem').filter({ has: page.getByRole('link', { name: title, exact: true }) });
}

/** The card of a deal on the board, or in one column of it. */
export const boardCard = entry;

/** A deal's row in the approval queue. */
export const queueRow = entry;

/** A column of the board by its stage's name. */
export function column(page, stage) {
  return page.getByRole('region', { name: stage, exact: true });
}

/** Fills in the form of a registration from an input of the API. */
export async function fillRegistration(page, input, productName) {
  await page.getByLabel('Company name').fill(input.customerName);
  await page.getByLabel('Website or e-mail domain').fill(input.customerDomain);
  await page.getByLabel('Country').selectOption(input.customerCountry);
  await page.getByRole('checkbox', { name: new RegExp(`^${productName}(?! (APM|Network|PAM|for|Archive))`) }).check();
  await page.getByRole('textbox', { name: 'Title' }).fill(input.title);
  await page.getByRole('textbox', { name: 'Value' }).fill(input.value.amount);
  await page.getByLabel('Currency').selectOption(input.value.currency);
  await page.getByLabel('Close date').fill(input.expectedCloseOn);
}

/** The card that says what the rules say about the draft. */
export function verdict(page) {
  return page.getByRole('region', { name: 'Verdict' });
}

/** Chooses an entry of the menu behind the signed-in person. */
export async function choosePersonal(page, person, entry) {
  await page.getByRole('button', { name: person }).click();
  await page.getByRole(/^(System|Dark|Light|Deutsch|English|As the system|Dunkel|Hell)/.test(entry) ? 'menuitemradio' : 'menuitem', { name: entry }).click();
}

/** Presses a button of a deal's page, writes into the dialog that it opens, and sends it. */
export async function decide(page, button, { text, submit = button } = {}) {
  await page.getByRole('main').getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  if (text) await dialog.getByRole('textbox').fill(text);
  await dialog.getByRole('button', { name: submit, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

/** Waits for a toast. */
export async function toast(page, text) {
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText(text);
}
