// Co-selling and punctuality in the browser: a room fills live for a second partner, and both sides read the vendor's record and clock.
import { expect, test } from '../lib/fixtures.mjs';
import { look } from '../lib/look.mjs';
import { registerDeal } from '../lib/deals.mjs';
import { WHO, data } from '../lib/server.mjs';

test.describe.configure({ mode: 'serial', timeout: 90_000 });

const BOREALIS = 'sales@borealis-consulting.test';
const PERMIT = `mutation ($id: ID!) { dealRoomRecordPermission(dealId: $id, expectedVersion: 0, grantedBy: "Their CIO", proof: "Mail of Monday") {
  room { version } errors { message } } }`;

test('a second partner is let in with permission, and messages come without a reload', async ({ open }) => {
  const deal = await registerDeal();
  const host = await open(WHO.auroraSales, `/rooms/${deal.id}`);
  await expect(host.getByRole('region', { name: 'The customer’s permission' }).or(host.getByRole('region', { name: "The customer's permission" }))).toContainText('Not recorded');
  await data(WHO.auroraSales, PERMIT, { id: deal.id });
  await expect(host.getByText('Their CIO agreed to be named')).toBeVisible();

  const manager = await open(WHO.manager, `/rooms/${deal.id}`);
  const people = manager.getByRole('region', { name: 'Who takes part' });
  await people.getByRole('button', { name: 'Change' }).click();
  await people.getByRole('combobox', { name: 'Partner' }).fill('Borealis');
  await manager.getByRole('option', { name: /Borealis/ }).first().click();
  await people.getByLabel('What they did').fill('Brought the architects');
  await people.getByRole('button', { name: 'Add', exact: true }).click();
  await people.getByRole('button', { name: 'Save' }).click();
  // While it is edited the choice of roles says so too.
  await expect(people.getByRole('button', { name: 'Change' })).toBeVisible();
  await expect(people).toContainText('Influenced');

  const guest = await open(BOREALIS, `/rooms/${deal.id}`);
  await expect(guest.getByRole('heading', { level: 1 })).toContainText(deal.title);
  await expect(guest.getByRole('region', { name: 'The deal' })).toContainText('Not shared with you');
  await guest.getByLabel('Write to everybody in the room').fill('We meet them on Monday');
  await guest.getByRole('button', { name: 'Send' }).click();
  await expect(host.getByRole('region', { name: 'Messages' })).toContainText('We meet them on Monday');
  await look(guest, 'room');
});

test('both sides read how fast the vendor decides', async ({ open }) => {
  const deal = await registerDeal();
  const page = await open(WHO.auroraSales, '/rules');
  const record = page.getByRole('region', { name: 'How fast we decide' });
  await expect(record).toContainText('Within the deadline');
  await expect(record).toContainText('By quarter');
  await look(page, 'record');
  await page.goto(`/deals/${deal.id}`);
  await expect(page.getByText('On time')).toBeVisible();
});
