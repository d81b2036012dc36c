// Who decides what: the table edited by an administrator, refused where it cannot be, and absences with their covers.
import { expect, live, test } from '../lib/fixtures.mjs';
import { look } from '../lib/look.mjs';
import { registerDeal } from '../lib/deals.mjs';
import { queueRow, toast } from '../lib/screens.mjs';
import { WHO, data, dayFromNow, unique } from '../lib/server.mjs';

const AISHA = 'aisha.rahman@entente.test';

test.describe.configure({ mode: 'serial', timeout: 90_000 });

const rule = (page, n) => page.locator('.e-routing__rule').nth(n);

test('an administrator edits the table: a circular step is refused, a hidden rule is warned of', async ({ open }) => {
  const page = await open(WHO.admin, '/admin/routing');
  const reader = await open(WHO.manager, '/admin/routing');
  await live(reader);
  await look(page, 'routing-admin');

  const first = rule(page, 0);
  await expect(first.getByLabel('Name of the rule')).toHaveValue('Large deals');
  await first.getByRole('group', { name: 'Step 1' }).getByLabel('Who').selectOption({ label: 'Miriam Falk' });
  await page.getByRole('button', { name: 'Save the table' }).click();
  await expect(page.getByRole('alert')).toContainText('The same person approves twice in one rule.');
  await expect(first.getByRole('group', { name: 'Step 2' }).getByLabel('Who')).toHaveAccessibleDescription(/approves twice/);
  await page.getByRole('button', { name: 'Start over' }).click();

  // A rule behind all others, and then one that nothing can reach.
  const name = unique('Everything else');
  const rules = await page.locator('.e-routing__rule').count();
  const version = page.getByText(/^Version \d+, written by/);
  const before = await version.innerText();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await rule(page, rules).getByLabel('Name of the rule').fill(name);
  await page.getByRole('button', { name: 'Save the table' }).click();
  await toast(page, 'is in force for new registrations');
  // The table is read again for the next draft, which takes the place of this one.
  await expect(version).not.toHaveText(before);
  await expect(reader.getByRole('row', { name: new RegExp(name) })).toContainText('The partner’s channel manager');
  await page.getByRole('button', { name: `Move ${name} up` }).click();
  await page.getByRole('button', { name: 'Save the table' }).click();
  await expect(page.getByText(/can never match/).first()).toBeVisible();
  await page.getByRole('button', { name: `Remove the rule ${name}` }).click();
  await page.getByRole('button', { name: 'Save the table' }).click();
  await expect(page.getByText(/can never match/)).toHaveCount(0);
  await expect(reader.getByRole('row', { name: new RegExp(name) })).toHaveCount(0);
  await expect(reader.getByRole('button', { name: 'Save the table' })).toHaveCount(0);
});

test('what somebody else saves takes no draft away, and an untouched page follows it', async ({ open }) => {
  const name = unique('Meanwhile');
  const mine = await open(WHO.admin, '/admin/routing');
  const theirs = await open(WHO.admin, '/admin/routing');
  for (const page of [mine, theirs]) await live(page);
  const rules = await mine.locator('.e-routing__rule').count();
  await rule(mine, 0).getByLabel('Name of the rule').fill('Very large deals');
  await theirs.getByRole('button', { name: 'Add a rule' }).click();
  await rule(theirs, rules).getByLabel('Name of the rule').fill(name);
  await theirs.getByRole('button', { name: 'Save the table' }).click();
  await toast(theirs, 'is in force for new registrations');

  await expect(mine.getByRole('alert')).toContainText(/Somebody else has saved version \d+ meanwhile/);
  await expect(rule(mine, 0).getByLabel('Name of the rule')).toHaveValue('Very large deals');
  await expect(mine.locator('.e-routing__rule')).toHaveCount(rules);
  await mine.getByRole('button', { name: 'Save the table' }).click();
  await expect(mine.getByText('Somebody else changed the table since you opened this page.').first()).toBeVisible();
  await mine.getByRole('button', { name: 'Start over' }).click();
  await expect(mine.getByRole('alert')).toHaveCount(0);
  await expect(rule(mine, 0).getByLabel('Name of the rule')).toHaveValue('Large deals');
  await expect(rule(mine, rules).getByLabel('Name of the rule')).toHaveValue(name);

  await theirs.getByRole('button', { name: `Remove the rule ${name}` }).click();
  await theirs.getByRole('button', { name: 'Save the table' }).click();
  await expect(mine.locator('.e-routing__rule')).toHaveCount(rules);
  await expect(mine.getByRole('alert')).toHaveCount(0);
});

test('who is away is covered: the cover finds the registrations on the own desk, live', async ({ open }) => {
  const deal = await registerDeal();
  const cover = await open(AISHA, `/queue?desk=mine&q=${deal.input.customerName.split(' ').at(-1)}`);
  await live(cover);
  await expect(queueRow(cover, deal.title)).toHaveCount(0);

  const page = await open(WHO.manager, '/admin/routing');
  await page.getByRole('button', { name: 'Add an absence' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Last day').fill(dayFromNow(-3));
  await dialog.getByLabel('Covered by').selectOption({ label: 'Aisha Rahman' });
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByLabel('Last day')).toHaveAccessibleDescription(/lies before the first/);
  await dialog.getByLabel('Last day').fill(dayFromNow(5));
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await toast(page, 'Aisha Rahman decides for Jonas Achterberg');
  await look(page, 'routing-absences');

  await expect(cover.getByTestId('queue-covered')).toContainText('Jonas Achterberg');
  await expect(queueRow(cover, deal.title)).toBeVisible();
  await page.getByRole('button', { name: 'Remove the absence of Jonas Achterberg' }).click();
  await toast(page, 'Jonas Achterberg is there again');
  await expect(queueRow(cover, deal.title)).toHaveCount(0);
  const { routing } = await data(WHO.admin, '{ routing { absences { user { name } } } }');
  expect(routing.absences.map((absence) => absence.user.name)).not.toContain('Jonas Achterberg');
});

test('who has nothing to do with routing finds no page for it', async ({ open }) => {
  const page = await open(WHO.marketing, '/admin/routing');
  await expect(page.getByRole('heading', { name: 'This screen is not part of your role' })).toBeVisible();
});
