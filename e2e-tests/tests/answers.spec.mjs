// What a partner asks about an approved deal: it is told that its protection stands still, and the vendor finds the question in
// the queue, answers it by keyboard, and the row is gone on every screen.
import { approvedDeal } from '../lib/deals.mjs';
import { expect, test } from '../lib/fixtures.mjs';
import { look } from '../lib/look.mjs';
import { queueRow } from '../lib/screens.mjs';
import { WHO, data } from '../lib/server.mjs';

test.describe.configure({ timeout: 90_000 });

const ASK = `mutation ($id: ID!, $version: Int!) {
  dealAskVendor(id: $id, expectedVersion: $version, question: "May we name the price of the second year?") { errors { message } }
}`;

test('what a partner asks stands in the queue until it is answered, and its protection stands still meanwhile', async ({ open }) => {
  const deal = await approvedDeal();
  const manager = await open(WHO.manager, '/queue?work=answers');
  await expect(manager.getByText('What partners asked about approved deals.')).toBeVisible();
  const seller = await open(WHO.auroraSales, `/deals/${deal.id}`);
  const { dealAskVendor } = await data(WHO.auroraSales, ASK, { id: deal.id, version: deal.version });
  expect(dealAskVendor.errors).toEqual([]);

  const row = queueRow(manager, deal.title);
  await expect(row).toContainText('May we name the price of the second year?');
  await expect(seller.getByText(/Registered; protection stands still, \d+ days left/).first()).toBeVisible();
  await look(manager, 'manager-queue-answers');
  await look(seller, 'partner-deal-standing-still');

  await row.getByRole('link', { name: deal.title }).focus();
  await manager.keyboard.press('a');
  const dialog = manager.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Yes, name it.');
  await dialog.getByRole('textbox').press('Control+Enter');
  await expect(row).toHaveCount(0);
  await expect(seller.getByText(/Registered until/).first()).toBeVisible();
});
