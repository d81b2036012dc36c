// Language and theme: chosen anywhere, kept for the person, true on every screen.
import { expect, settled, test } from '../lib/fixtures.mjs';
import { choosePersonal } from '../lib/screens.mjs';
import { WHO, data } from '../lib/server.mjs';

test('a German run: navigation, form errors, numbers, and it stays German', async ({ open }) => {
  const page = await open.alone(WHO.germanReader, '/');
  await choosePersonal(page, /Wiebke Harms/, 'Deutsch');
  const navigation = page.getByRole('navigation', { name: 'Hauptnavigation' });
  await expect(navigation.getByRole('link', { name: 'Deal registrieren' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');

  await navigation.getByRole('link', { name: 'Deal registrieren' }).click();
  await page.getByRole('textbox', { name: 'Wert' }).fill('12.500,50');
  await expect(page.getByRole('textbox', { name: 'Wert' })).toHaveAccessibleDescription(/12\.500,50/);
  await page.getByRole('button', { name: 'Deal registrieren' }).click();
  await expect(page.getByText('Nennen Sie den Kunden.')).toBeVisible();
  await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();

  await navigation.getByRole('link', { name: 'Pipeline' }).click();
  await expect(page.getByRole('group', { name: 'Ansicht' })).toBeVisible();
  await page.reload();
  await settled(page);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  const { viewer } = await data(WHO.germanReader, '{ viewer { language } }');
  expect(viewer.language).toBe('de');

  const elsewhere = await open.alone(WHO.germanReader, '/profile');
  await expect(elsewhere.getByRole('heading', { level: 1, name: 'Profil' })).toBeVisible();
});

test('a stranger chooses a language on the sign-in', async ({ open }) => {
  const page = await open(null, '/sign-in');
  await page.getByRole('button', { name: 'Language and theme' }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Anmelden' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Anmelden' })).toBeVisible();
});

test('a theme that was chosen stays, here and on the next machine', async ({ open }) => {
  const dark = /pf-v6-theme-dark/;
  const page = await open.alone(WHO.darkReader, '/');
  await expect(page.locator('html')).not.toHaveClass(dark);
  await choosePersonal(page, /Reto Aebischer/, 'Dark');
  await expect(page.locator('html')).toHaveClass(dark);
  // Here it is dark at once; a reload would end what is still on its way to the profile.
  await expect.poll(async () => (await data(WHO.darkReader, '{ viewer { theme } }')).viewer.theme).toBe('DARK');
  await page.reload();
  await settled(page);
  await expect(page.locator('html')).toHaveClass(dark);
  const elsewhere = await open.alone(WHO.darkReader, '/profile');
  await expect(elsewhere.locator('html')).toHaveClass(dark);
  await elsewhere.getByLabel('Theme', { exact: true }).selectOption('Light');
  await expect(elsewhere.locator('html')).not.toHaveClass(dark);
});

test('the theme of the device is followed until somebody chooses', async ({ open }) => {
  const page = await open(null, '/partners');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveClass(/pf-v6-theme-dark/);
});
