// Leads: the public form, the board that hears of it, accepting by keyboard, the reasons, the rules and a file.
import { expect, test } from '../lib/fixtures.mjs';
import { look } from '../lib/look.mjs';
import { toast } from '../lib/screens.mjs';
import { WHO, dayFromNow } from '../lib/server.mjs';

test.describe.configure({ mode: 'serial', timeout: 90_000 });

test('a stranger asks a partner, whose board hears of it; the seller accepts by keyboard', async ({ open }) => {
  const board = await open(WHO.auroraSales, '/leads');
  const toAnswer = board.getByRole('region', { name: 'To answer' });
  await expect(toAnswer).toBeVisible();
  const firm = `Quayside Mills ${Date.now()}`;

  const page = await open(null, '/partners/aurora-systems?utm_source=letter&utm_campaign=Autumn');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('This has to be filled in.').first()).toBeVisible();
  await page.getByLabel('Name').fill('Ines Okafor');
  await page.getByLabel('E-mail').fill('ines@quayside.example');
  await page.getByLabel('Company').fill(firm);
  await page.getByLabel('Message').fill('We look for somebody in Hamburg.');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('Please agree, so that we may contact you.')).toBeVisible();
  await look(page, 'lead-enquiry');
  await page.getByRole('checkbox', { name: /I agree/ }).check();
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('Your enquiry is on its way to Aurora')).toBeVisible();

  const card = toAnswer.getByRole('link', { name: firm });
  await expect(card).toBeVisible();
  await look(board, 'leads-partner');
  await card.focus();
  await board.keyboard.press('a');
  await toast(board, 'accepted');
  await expect(board.getByRole('region', { name: 'Accepted' }).getByRole('link', { name: firm })).toBeVisible();

  await board.getByRole('region', { name: 'Accepted' }).getByRole('link', { name: firm }).click();
  await expect(board.getByRole('heading', { name: firm })).toBeVisible();
  await expect(board.getByText('asked for by name')).toBeVisible();
  await expect(board.getByText('Autumn').first()).toBeVisible();
  await look(board, 'lead-partner');

  // It becomes a deal in the form of registrations: with what the lead says, and with all that the rules can ask for.
  await board.getByRole('link', { name: 'Make it a deal' }).click();
  await expect(board.getByLabel('Company name')).toHaveValue(firm);
  await expect(board.getByLabel('Contact at the customer')).toHaveValue('Ines Okafor');
  await expect(board.getByLabel('Description')).toHaveValue('We look for somebody in Hamburg.');
  await expect(board.getByLabel('Discovery notes')).toBeVisible();
  // The name alone says which customer it is: an earlier run has registered the domain.
  await board.getByLabel('Website or e-mail domain').fill('');
  await board.getByRole('checkbox', { name: /^Halden Lens(?! (APM|Network|PAM|for|Archive))/ }).check();
  const value = board.getByRole('textbox', { name: 'Value' });
  await value.fill('48,500');
  await expect(value).toHaveAccessibleDescription(/Read as .*48,500/);
  await board.getByLabel('Close date').fill(dayFromNow(60));
  await look(board, 'lead-convert');
  await board.getByRole('button', { name: 'Make it a deal' }).click();
  await expect(board.getByRole('heading', { level: 1, name: firm })).toBeVisible();
  const facts = board.getByRole('region', { name: 'Facts' });
  await expect(facts).toContainText('Autumn');
  await facts.getByRole('link', { name: /^From lead/ }).click();
  await expect(board.getByText('It became a deal').first()).toBeVisible();
});

test('the vendor sees every reason, and a declined lead goes on', async ({ open }) => {
  const page = await open(WHO.manager, '/leads');
  await look(page, 'leads-vendor');
  await page.getByRole('link', { name: 'Alpenkraft' }).click();
  await expect(page.getByText('Why it went where it went')).toBeVisible();
  await expect(page.getByText(/Rule “Ransomware readiness in manufacturing”/)).toBeVisible();
  await look(page, 'lead-vendor');
  await page.getByRole('button', { name: 'Route anew' }).click();
  await expect(page.getByText('Taken back').first()).toBeVisible();
});

test('an administrator saves rules as a version of their own; what cannot be is refused', async ({ open }) => {
  const page = await open(WHO.admin, '/admin/lead-routing');
  await expect(page.getByText(/Version \d+, saved by/)).toBeVisible();
  await look(page, 'lead-rules');
  await page.getByLabel('Hours to answer').first().fill('0');
  await page.getByRole('button', { name: 'Save as a new version' }).click();
  await expect(page.getByText('windowHours must be from 1 to 400.').first()).toBeVisible();
  await page.getByLabel('Hours to answer').first().fill('12');
  await page.getByRole('button', { name: 'Save as a new version' }).click();
  await toast(page, 'is in force');
});

test('a file of leads: the broken row is reported, the others are kept', async ({ open }) => {
  const page = await open(WHO.admin, '/leads/import');
  const rows = ['key,name,email,company,country', `a${Date.now()},Ada,ada@lovelace.example,Lovelace Looms,GB`, 'b,Bob,not-an-address,Bobs,GB'];
  await page.locator('input[type=file]').setInputFiles({ name: 'fair.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  await look(page, 'lead-import');
  await page.getByRole('button', { name: 'Start the import' }).click();
  await expect(page.getByText('email must be an e-mail address').first()).toBeVisible({ timeout: 30_000 });
});
