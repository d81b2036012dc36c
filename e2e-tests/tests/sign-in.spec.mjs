// Signing in and out, and sessions that hold over reloads and tabs.
import { expect, settled, test } from '../lib/fixtures.mjs';
import { PASSWORD, WHO } from '../lib/server.mjs';

async function fillIn(page, email, password) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a wrong password is told, the right one signs in', async ({ open }) => {
  const page = await open(null, '/');
  await expect(page).toHaveURL(/\/sign-in/);
  await fillIn(page, WHO.auroraSales, 'not the password');
  await expect(page.getByRole('alert')).toContainText('do not match');
  await expect(page.getByLabel('E-mail')).toHaveValue(WHO.auroraSales);

  await fillIn(page, WHO.auroraSales, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Malte');
  await expect(page.getByRole('navigation', { name: 'Main navigation' })).toBeVisible();
});

test('an empty form is told before anything is sent', async ({ open }) => {
  const page = await open(null, '/sign-in');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('Enter your e-mail and your password');
});

test('signing in leads to where one was headed', async ({ open }) => {
  const page = await open(null, '/pipeline?view=table');
  await fillIn(page, WHO.auroraSales, PASSWORD);
  await expect(page).toHaveURL(/\/pipeline\?view=table$/);
});

test('signing out ends the session here and for good', async ({ open }) => {
  const page = await open.alone(WHO.auroraSales, '/');
  await page.getByRole('button', { name: /Malte Jessen/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await page.goto('/pipeline');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('a session holds over reloads and in a second tab', async ({ open }) => {
  const first = await open.alone(WHO.auroraSales, '/pipeline');
  await first.reload();
  await settled(first);
  await expect(first.getByRole('heading', { level: 1, name: 'Pipeline' })).toBeVisible();

  const second = await first.context().newPage();
  await second.goto('/');
  await first.reload();
  for (const page of [first, second]) {
    await settled(page);
    await expect(page.getByRole('button', { name: /Malte Jessen/ })).toBeVisible();
  }
  await first.reload();
  await expect(first.getByRole('heading', { level: 1, name: 'Pipeline' })).toBeVisible();
});

test('the keyboard alone signs in', async ({ open }) => {
  const page = await open(null, '/sign-in');
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.keyboard.type(WHO.manager);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Jonas');
});
