// API keys and people: made, used, and taken away again.
import { expect, settled, test } from '../lib/fixtures.mjs';
import { toast } from '../lib/screens.mjs';
import { PASSWORD, WHO, send, unique } from '../lib/server.mjs';
import { REGISTER, registration } from '../lib/deals.mjs';

const DEALS = '{ deals(first: 1) { totalCount nodes { partner { slug } } } viewer { roles } }';

async function createKey(page, name, { write = false } = {}) {
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create key' });
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(dialog.getByText('Name the program that will use the key.')).toBeVisible();
  await dialog.getByLabel('Name').fill(name);
  if (write) await dialog.getByRole('checkbox', { name: /^Write/ }).check();
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const shown = page.getByRole('dialog', { name: `Key for ${name}` });
  const secret = await shown.getByTestId('api-key-secret').textContent();
  await shown.getByRole('button', { name: 'I have stored it' }).click();
  await expect(shown).toHaveCount(0);
  return secret;
}

test('an API key is shown once, works within its scope, and ends when it is revoked', async ({ open }) => {
  const name = unique('CRM sync');
  const page = await open(WHO.auroraAdmin, '/settings/api-keys');
  const secret = await createKey(page, name);
  expect(secret).toMatch(/^ent_\S{20,}$/);

  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Active');
  await page.reload();
  await settled(page);
  expect(await page.content()).not.toContain(secret);

  const { body } = await send({ query: DEALS, token: secret });
  expect(body.errors).toBeUndefined();
  expect(body.data.viewer.roles).toEqual(['INTEGRATION']);
  expect(body.data.deals.nodes.every(({ partner }) => partner.slug === 'aurora-systems')).toBe(true);
  const refused = await send({ query: REGISTER, variables: { input: await registration() }, token: secret });
  expect(refused.body.data?.dealRegister?.deal ?? null).toBeNull();
  expect(JSON.stringify(refused.body)).toMatch(/FORBIDDEN|NOT_ALLOWED/);

  await row.getByRole('button', { name: `Revoke ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await toast(page, `${name} is revoked.`);
  await expect(row).toContainText('Revoked');
  const after = await send({ query: DEALS, token: secret });
  expect(after.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
});

test('a key that may write registers a deal', async ({ open }) => {
  const page = await open(WHO.auroraAdmin, '/settings/api-keys');
  const secret = await createKey(page, unique('Quote tool'), { write: true });
  const { body } = await send({ query: REGISTER, variables: { input: await registration() }, token: secret });
  expect(body.data.dealRegister.errors).toEqual([]);
  expect(body.data.dealRegister.deal.status).toBe('SUBMITTED');
});

const SIGN_IN = 'mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { accessToken errors { message } } }';

test('an account is made, signs in, and is deactivated', async ({ open }) => {
  const name = unique('Tilda Arens');
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@entente.test`;
  const page = await open(WHO.admin, '/settings/users');
  await page.getByRole('button', { name: 'Create account' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create account' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('E-mail').fill('not an address');
  await dialog.getByRole('textbox', { name: 'First password' }).fill('short');
  await dialog.getByRole('button', { name: 'Create account' }).click();
  await expect(dialog.getByText('Enter an e-mail address.')).toBeVisible();
  await expect(dialog.getByText('Choose at least one role.')).toBeVisible();
  await expect(dialog.getByText(/has at least 12 characters/)).toBeVisible();

  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByRole('textbox', { name: 'First password' }).fill(PASSWORD);
  await dialog.getByRole('checkbox', { name: /^Finance/ }).check();
  await dialog.getByRole('button', { name: 'Create account' }).click();
  await expect(dialog).toHaveCount(0);
  await toast(page, `${name} can sign in now.`);
  const signIn = async () => (await send({ query: SIGN_IN, variables: { input: { email, password: PASSWORD } } })).body.data.sessionCreate;
  const { accessToken } = await signIn();
  expect(accessToken).toBeTruthy();

  await page.getByRole('searchbox', { name: 'Search name or e-mail' }).fill(name);
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Active');
  await row.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await expect(row).toContainText('Deactivated');
  expect((await signIn()).accessToken).toBeNull();
  const { body } = await send({ query: DEALS, token: accessToken });
  expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
});

test("a partner's administrator sees only the own people", async ({ open }) => {
  const page = await open(WHO.auroraAdmin, '/settings/users');
  await expect(page.getByRole('row').filter({ hasText: 'Malte Jessen' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Oskar Hallberg' })).toHaveCount(0);
  await expect(page.getByRole('row').filter({ hasText: 'Jonas Achterberg' })).toHaveCount(0);
});
