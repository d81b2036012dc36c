// What the program sells: an administrator keeps it, everybody's screens follow, and a bundle stands for what is inside.
// Beside it: a partner's page and the directory follow a changed profile.
import { expect, test } from '../lib/fixtures.mjs';
import { look } from '../lib/look.mjs';
import { REGISTER, registerDeal, registration } from '../lib/deals.mjs';
import { toast } from '../lib/screens.mjs';
import { WHO, data, unique } from '../lib/server.mjs';

test.describe.configure({ mode: 'serial', timeout: 90_000 });

async function products() {
  const { program } = await data(WHO.admin, '{ program { products { id key name version } } }');
  return program.products;
}

const RETIRE = `mutation ($id: ID!, $v: Int!) { productRetire(id: $id, expectedVersion: $v) { errors { message } } }`;

test('a bundle is added, offered at once on a form that is open, changed and retired', async ({ open }) => {
  const name = unique('Campus Pack');
  const seller = await open(WHO.auroraSales, '/register');
  await expect(seller.getByRole('checkbox', { name: /^Clinic Resilience Pack/ })).toBeVisible();
  await expect(seller.getByText('Includes Halden Vault, Halden Lens, Onboarding & Migration, Two-day recovery rehearsal')).toBeVisible();
  await look(seller, 'products-register');

  const page = await open(WHO.admin, '/admin/products');
  await expect(page.getByRole('row', { name: /Clinic Resilience Pack/ })).toContainText('Bundle');
  await look(page, 'products');

  // What is missing is said at its field; then the bundle is there.
  await page.getByRole('button', { name: 'Add bundle' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('List price').fill('many');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByLabel('List price')).toHaveAccessibleDescription(/amount of 0 or more/);
  await expect(dialog.getByText('Choose at least one product.')).toBeVisible();
  await look(page, 'products-bundle');
  await dialog.getByLabel('List price').fill('19900');
  await dialog.getByRole('checkbox', { name: 'Halden Gate', exact: true }).check();
  await dialog.getByRole('checkbox', { name: 'Premium Care' }).check();
  await dialog.getByRole('checkbox', { name: 'Education' }).check();
  await dialog.getByLabel('Services and templates').fill('A day on the campus\nTemplate: policy for students');
  await dialog.getByLabel('Packaging').fill('Per campus and year');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await toast(page, `${name} is saved.`);
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('Halden Gate, Premium Care');

  // The form that has been open all the time offers it, with what is inside.
  await expect(seller.getByRole('checkbox', { name: new RegExp(`^${name}`) })).toBeVisible();
  await expect(seller.getByText('Includes Halden Gate, Premium Care, A day on the campus, Template: policy for students')).toBeVisible();

  // A product inside stays as long as the bundle is offered.
  await page.getByRole('button', { name: 'Actions for Premium Care' }).click();
  await page.getByRole('menuitem', { name: 'Retire' }).click();
  await dialog.getByRole('button', { name: 'Retire' }).click();
  await expect(dialog.getByRole('alert')).toContainText('is in the bundle');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  // Retired, it goes from the form that did not choose it, and the server refuses it by name.
  await row.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Retire' }).click();
  await dialog.getByRole('button', { name: 'Retire' }).click();
  await toast(page, `${name} is retired.`);
  await expect(row).toHaveCount(0);
  await expect(seller.getByRole('checkbox', { name: new RegExp(`^${name}`) })).toHaveCount(0);
  const { id } = (await products()).find((product) => product.name === name);
  const { dealRegister } = await data(WHO.auroraSales, REGISTER, { input: await registration({ productIds: [id] }) });
  expect(dealRegister.errors.map((error) => [error.code, error.message.startsWith(name)])).toEqual([['PRODUCT_RETIRED', true]]);
  await page.getByText('Show retired').click();
  await expect(row).toContainText('Retired');
});

test('what another administrator changes is marked, and an open form is told', async ({ open }) => {
  const page = await open(WHO.admin, '/admin/products');
  const key = unique('probe').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const CREATE = 'mutation ($input: ProductInput!) { productCreate(input: $input) { product { id version } errors { message } } }';
  const { product } = (await data(WHO.admin, CREATE, { input: { key, name: `Probe ${key}` } })).productCreate;
  const row = page.getByRole('row', { name: new RegExp(`Probe ${key}`) });
  await expect(row).toHaveClass(/e-changed/);

  await row.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Change' }).click();
  const dialog = page.getByRole('dialog');
  const UPDATE = 'mutation ($id: ID!, $input: ProductInput!) { productUpdate(id: $id, expectedVersion: 1, input: $input) { errors { message } } }';
  await data(WHO.admin, UPDATE, { id: product.id, input: { key, name: `Probe ${key}`, line: 'Elsewhere' } });
  await dialog.getByLabel('Description').fill('Mine');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Somebody else changed it meanwhile');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(row).toContainText('Elsewhere');
  await data(WHO.admin, RETIRE, { id: product.id, v: 2 });
  await expect(row).toHaveCount(0);
});

test('a deal shows what is in its bundle, and a rival cannot register a product of it', async ({ open }) => {
  const pack = (await products()).find((product) => product.key === 'branch-access');
  const gate = (await products()).find((product) => product.key === 'gate-pam');
  const deal = await registerDeal({ productIds: [pack.id] });
  const page = await open(WHO.auroraSales, `/deals/${deal.id}`);
  await expect(page.getByText('Includes Halden Gate, Halden Gate PAM, Premium Care')).toBeVisible();
  await look(page, 'products-deal');
  const APPROVE = 'mutation ($id: ID!, $v: Int!) { dealApprove(id: $id, expectedVersion: $v) { errors { message } } }';
  await data(WHO.manager, APPROVE, { id: deal.id, v: deal.version });
  const { dealRegister } = await data(WHO.borealisSales, REGISTER, { input: { ...deal.input, productIds: [gate.id] } });
  expect([dealRegister.deal, dealRegister.verdict.outcome]).toEqual([null, 'BLOCKED']);
});

test('who may not keep products finds no page for them', async ({ open }) => {
  const page = await open(WHO.manager, '/admin/products');
  await expect(page.getByRole('heading', { name: 'This screen is not part of your role' })).toBeVisible();
});

test('a changed profile shows on the partner page and in the directory without a reload', async ({ open }) => {
  const READ = '{ partner(slug: "aurora-systems") { id version summary } }';
  const UPDATE = `mutation ($id: ID!, $v: Int!, $summary: String!) {
    partnerUpdate(id: $id, expectedVersion: $v, input: { summary: $summary }) { errors { message } }
  }`;
  const { partner } = await data(WHO.manager, READ);
  const page = await open(WHO.auroraSales, '/partners/aurora-systems');
  const list = await open(WHO.manager, '/partners?q=aurora');
  await expect(list.getByRole('listitem').filter({ hasText: 'Aurora' }).first()).toBeVisible();
  await expect(page.getByText(partner.summary)).toBeVisible();
  const summary = unique('Backup that is tried every quarter');
  const { partnerUpdate } = await data(WHO.manager, UPDATE, { id: partner.id, v: partner.version, summary });
  expect(partnerUpdate.errors).toEqual([]);
  await expect(page.getByText(summary)).toBeVisible();
  await expect(page.getByRole('region', { name: 'About' })).toHaveClass(/e-changed/);
  await expect(list.getByRole('article').filter({ hasText: summary })).toHaveClass(/e-changed/);
  const { partner: now } = await data(WHO.manager, READ);
  await data(WHO.manager, UPDATE, { id: now.id, v: now.version, summary: partner.summary });
  await expect(page.getByText(partner.summary)).toBeVisible();
});
