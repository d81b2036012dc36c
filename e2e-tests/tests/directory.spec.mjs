// The directory without an account: search that forgives, completion, facets, partner pages, and what stays hidden.
import { expect, recordTraffic, settled, test } from '../lib/fixtures.mjs';
import { WHO, data } from '../lib/server.mjs';

test('a typing error still finds the partner', async ({ open }) => {
  const page = await open(null, '/partners');
  await page.getByRole('combobox', { name: 'Search partners, skills, places' }).fill('Borelais');
  // Its card may stand in the whole directory too.
  await expect(page).toHaveURL(/q=Borelais/);
  await settled(page);
  await expect(page.getByRole('link', { name: 'Borealis Consulting', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Borealis Consulting', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Borealis Consulting' })).toBeVisible();
  await expect(page).toHaveTitle(/Borealis Consulting/);
});

test('typing completes, and a suggestion leads to its partner', async ({ open }) => {
  const page = await open(null, '/partners');
  const box = page.getByRole('combobox', { name: 'Search partners, skills, places' });
  await box.fill('auro');
  await expect(page.getByRole('option', { name: /Aurora Systems/ })).toBeVisible();
  await box.press('ArrowDown');
  await box.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Aurora Systems' })).toBeVisible();
});

test('a facet narrows, says how many, and survives a reload', async ({ open }) => {
  const page = await open(null, '/partners');
  const total = page.getByRole('main').getByRole('status');
  const { partners } = await data(null, '{ partners(first: 1) { totalCount } }');
  await expect(total).toHaveText(`${partners.totalCount} partners`);
  const country = page.getByRole('group').filter({ hasText: /^Country/ });
  await country.getByRole('button', { name: /^Show all/ }).click();
  await country.getByRole('checkbox', { name: /^Austria/ }).check();
  await expect(total).toHaveText('2 partners');
  await expect(page.getByRole('link', { name: 'Gratwerk IT' })).toBeVisible();
  await page.reload();
  await settled(page);
  await expect(total).toHaveText('2 partners');
  await page.getByRole('button', { name: 'Remove filter: Country: Austria' }).click();
  await expect(total).toHaveText(`${partners.totalCount} partners`);
});

test('who is not published is not there', async ({ open, forgiven }) => {
  forgiven.push(/404/);
  const page = await open(null, '/partners?q=Halbinsel%20Digital');
  await expect(page.getByRole('link', { name: 'Halbinsel Digital' })).toHaveCount(0);
  await page.goto('/partners/halbinsel-digital');
  await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
  const asked = '{ partner(slug: "halbinsel-digital") { id } partnerSuggestions(prefix: "Halbinsel") { label } }';
  const { partner, partnerSuggestions } = await data(null, asked);
  expect(partner).toBeNull();
  expect(partnerSuggestions.filter(({ label }) => label.includes('Digital'))).toEqual([]);
});

test('the staff sees who is not published', async ({ open }) => {
  const page = await open(WHO.manager, '/partners/halbinsel-digital');
  await expect(page.getByRole('heading', { level: 1, name: 'Halbinsel Digital' })).toBeVisible();
  await expect(page.getByText('Not published')).toBeVisible();
});

test('a stranger is shown no deals', async ({ open }) => {
  const page = await open(null, '/partners');
  const heard = recordTraffic(page);
  await page.goto('/partners/aurora-systems');
  await settled(page);
  await expect(page.getByRole('region', { name: 'Recent deals' })).toHaveCount(0);
  const told = await heard();
  expect(told).toContain('Aurora Systems');
  expect(told).not.toMatch(/deal_[0-9A-Z]{26}/);
  expect(told).not.toContain('"deals"');
  const { partner } = await data(null, '{ partner(slug: "aurora-systems") { manager { email } contact { email } } }');
  expect(partner.manager?.email ?? null).toBeNull();
});

test('the partner itself and the staff see its deals there', async ({ open }) => {
  for (const who of [WHO.auroraSales, WHO.manager]) {
    const page = await open(who, '/partners/aurora-systems');
    await expect(page.getByRole('region', { name: 'Recent deals' }).first()).toBeVisible();
  }
  const page = await open(WHO.borealisSales, '/partners/aurora-systems');
  await expect(page.getByRole('heading', { level: 1, name: 'Aurora Systems' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Recent deals' })).toHaveCount(0);
});
