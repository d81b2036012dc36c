// The form of a registration: the domain's own rules in the browser, the verdict beforehand, a draft that survives.
import { expect, settled, test } from '../lib/fixtures.mjs';
import { fillRegistration, verdict } from '../lib/screens.mjs';
import { WHO, dayFromNow } from '../lib/server.mjs';
import { approvedDeal, dealsFingerprint, registration } from '../lib/deals.mjs';

const submit = (page) => page.getByRole('button', { name: 'Register the deal' }).click();

/** An empty form, whatever an earlier test left behind. */
async function emptyForm(page) {
  const discard = page.getByRole('button', { name: 'Discard draft' });
  if (await discard.isVisible()) await discard.click();
  await expect(page.getByLabel('Company name')).toHaveValue('');
}

test('what is wrong is said under each field, and nothing is sent', async ({ open }) => {
  const page = await open(WHO.auroraAdmin, '/register');
  await emptyForm(page);
  const before = await dealsFingerprint();
  await submit(page);
  for (const text of ['Name the customer.', 'Choose at least one product.', 'Give the deal a title.', 'Enter the value of the deal.', 'Say when you expect to close.']) {
    await expect(page.getByText(text)).toBeVisible();
  }
  await expect(page.getByLabel('Company name')).toBeFocused();
  await expect(page.getByLabel('Company name')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Company name')).toHaveAccessibleDescription(/Name the customer/);

  const input = await registration();
  await fillRegistration(page, input, 'Halden Lens');
  const value = page.getByRole('textbox', { name: 'Value' });
  for (const [typed, told] of [['0', 'The value must be above zero.'], ['5000.123', /decimal/], ['1', /at least/]]) {
    await value.fill(typed);
    await expect(value).toHaveAccessibleDescription(typeof told === 'string' ? new RegExp(told) : told);
  }
  await value.fill('48500');
  await page.getByLabel('Close date').fill(dayFromNow(-2));
  await expect(page.getByLabel('Close date')).toHaveAccessibleDescription(/today or later/);
  await submit(page);
  await expect(page).toHaveURL(/\/register$/);
  expect(await dealsFingerprint()).toBe(before);
});

test('a draft survives a reload and can be discarded', async ({ open }) => {
  const page = await open(WHO.auroraAdmin, '/register');
  await emptyForm(page);
  const input = await registration();
  await fillRegistration(page, input, 'Halden Gate');
  await page.getByLabel('Next step').fill('Reference call on Monday');
  await page.reload();
  await settled(page);
  await expect(page.getByText('This is the draft you left here.')).toBeVisible();
  await expect(page.getByLabel('Company name')).toHaveValue(input.customerName);
  await expect(page.getByLabel('Next step')).toHaveValue('Reference call on Monday');
  await expect(page.getByRole('checkbox', { name: /^Halden Gate(?! PAM)/ })).toBeChecked();
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await expect(page.getByLabel('Company name')).toHaveValue('');
  await page.reload();
  await settled(page);
  await expect(page.getByLabel('Company name')).toHaveValue('');
});

test('the verdict comes before anything is sent, by rules', async ({ open }) => {
  const mine = await approvedDeal();
  const page = await open(WHO.auroraAdmin, '/register');
  await emptyForm(page);
  await expect(verdict(page)).toContainText('The verdict appears here');
  const before = await dealsFingerprint();
  await fillRegistration(page, await registration(), 'Halden Lens');
  await expect(verdict(page)).toContainText('Clear');
  await page.getByLabel('Company name').fill(mine.input.customerName);
  await page.getByLabel('Website or e-mail domain').fill(`info@${mine.input.customerDomain}`);
  await expect(verdict(page)).toContainText('Blocked');
  await expect(verdict(page)).toContainText('already has an open registration');
  expect(await dealsFingerprint()).toBe(before);
  await emptyForm(page);
});

test('the staff registers for a partner of its choice', async ({ open }) => {
  const page = await open(WHO.manager, '/register');
  await emptyForm(page);
  const input = await registration();
  await fillRegistration(page, input, 'Halden Lens');
  await submit(page);
  await expect(page.getByRole('combobox', { name: 'Partner' })).toHaveAccessibleDescription(/Choose the partner/);
  await page.getByRole('combobox', { name: 'Partner' }).fill('Gratw');
  await page.getByRole('option', { name: 'Gratwerk IT' }).click();
  await submit(page);
  await expect(page.getByRole('heading', { level: 1, name: input.title })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Facts' })).toContainText('Gratwerk IT');
});
