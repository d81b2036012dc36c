// A dispute in the browser: a partner disagrees with a blocked verdict, an administrator names a neutral arbiter, the arbiter
// transfers the protection, and the partner's screen says so without a reload. The rival's name is never on it.
import { approvedDeal, registration } from '../lib/deals.mjs';
import { expect, test } from '../lib/fixtures.mjs';
import { look } from '../lib/look.mjs';
import { fillRegistration, verdict } from '../lib/screens.mjs';
import { WHO, data } from '../lib/server.mjs';

test.describe.configure({ timeout: 120_000 });

const DECIDE = `mutation ($id: ID!, $version: Int!) {
  disputeDecide(id: $id, expectedVersion: $version, outcome: TRANSFER, reason: "The meeting was held before the other registration.") {
    dispute { status } errors { message }
  }
}`;

test('a blocked partner disputes the verdict, an arbiter decides, and the screen follows', async ({ open }) => {
  const theirs = await approvedDeal({}, WHO.borealisSales);
  const page = await open(WHO.auroraSales, '/register');
  const { customerName, customerDomain } = theirs.input;
  await fillRegistration(page, { ...(await registration()), customerName, customerDomain }, 'Halden Lens');
  await expect(verdict(page)).toContainText('Blocked');
  await page.getByRole('region', { name: 'Disputes' }).getByRole('button', { name: 'Open a dispute' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('button', { name: 'Open a dispute' }).click();
  await expect(form).toContainText('Write something first.');
  await form.getByLabel('Why is it wrong?').fill('We met their head of operations in March.');
  await form.getByRole('button', { name: 'Open a dispute' }).click();
  await expect(page).toHaveURL(/\/disputes\/disp_/);
  const id = page.url().split('/').pop();
  await expect(page.getByText('Nobody is named to decide yet')).toBeVisible();
  await expect(page.getByText('We met their head of operations in March.')).toBeVisible();

  // Who manages one of the partners is not neutral.
  const admin = await open(WHO.admin, `/disputes/${id}`);
  await admin.getByRole('button', { name: 'Name the arbiter' }).click();
  const naming = admin.getByRole('dialog');
  await expect(naming.getByRole('listitem').filter({ hasText: 'Jonas Achterberg' })).toContainText('manages one of the partners');
  const arbiter = await neutral(id);
  await naming.getByRole('combobox').selectOption({ label: arbiter.name });
  await naming.getByRole('button', { name: 'Name the arbiter' }).click();
  await expect(admin.getByText(`${arbiter.name} decides`)).toBeVisible();
  await expect(page.getByText(`${arbiter.name} decides`)).toBeVisible();
  await look(page, 'dispute-partner');
  await look(admin, 'dispute-vendor');

  const { dispute } = await data(arbiter.email, 'query ($id: ID!) { dispute(id: $id) { version } }', { id });
  const { disputeDecide } = await data(arbiter.email, DECIDE, { id, version: dispute.version });
  expect(disputeDecide.errors).toEqual([]);
  await expect(page.getByText('The meeting was held before the other registration.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Show the file' }).click();
  await expect(page.getByText('Opened the dispute').first()).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText('Borealis');
  await look(page, 'dispute-decided');
  await page.goto('/disputes');
  await expect(page.getByRole('link', { name: customerName }).or(page.getByText(customerName)).first()).toBeVisible();
  await look(page, 'disputes-partner');
});

/** Somebody of the vendor without a tie to either side. */
async function neutral(id) {
  const { dispute, users } = await data(
    WHO.admin,
    'query ($id: ID!) { dispute(id: $id) { candidates { user { id name } tie } } users(first: 100) { nodes { id email } } }',
    { id },
  );
  const { user } = dispute.candidates.find((candidate) => !candidate.tie);
  return { name: user.name, email: users.nodes.find((row) => row.id === user.id).email };
}
