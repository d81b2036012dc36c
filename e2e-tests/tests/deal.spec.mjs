// A deal's own page: questions and answers, decisions with reasons, stages, notes, and what is told to whom.
import { expect, live, recordTraffic, settled, test } from '../lib/fixtures.mjs';
import { decide, toast } from '../lib/screens.mjs';
import { WHO } from '../lib/server.mjs';
import { approvedDeal, changeDeal, readDeal, registerDeal } from '../lib/deals.mjs';

const timeline = (page) => page.getByRole('region', { name: 'Timeline' });

test('asked, answered, approved, moved: both sides follow on their own screens', async ({ open }) => {
  const deal = await registerDeal();
  const manager = await open(WHO.manager, `/deals/${deal.id}`);
  const partner = await open(WHO.auroraSales, `/deals/${deal.id}`);
  for (const page of [manager, partner]) await live(page);
  await expect(manager).toHaveTitle(new RegExp(deal.number));

  await decide(manager, 'Ask', { text: 'Who at the customer decides?', submit: 'Send the question' });
  await expect(partner.getByText('Needs your answer')).toBeVisible();
  await expect(partner.getByText('Who at the customer decides?').first()).toBeVisible();

  await decide(partner, 'Answer now', { text: 'The head of IT, in March.', submit: 'Send the answer' });
  await expect(timeline(manager)).toContainText('The head of IT, in March.');
  await expect(manager.getByText(/^Your decision is due by/)).toBeVisible();

  await decide(manager, 'Approve', { text: 'Good luck!' });
  await toast(manager, 'Approved');
  await expect(partner.getByText(/^Registered until/)).toBeVisible();

  await partner.getByRole('button', { name: 'Move to Engaging' }).click();
  await toast(partner, 'is now in Engaging');
  const path = manager.getByRole('list', { name: 'Stages of the sale' });
  await expect(path.getByRole('listitem').filter({ hasText: 'Engaging' })).toHaveAttribute('aria-current', 'step');

  for (const page of [manager, partner]) {
    for (const entry of ['Moved the stage', 'Approved the registration', 'Answered the question', 'Asked for information', 'Registered the deal']) {
      await expect(timeline(page)).toContainText(entry);
    }
    await expect(timeline(page)).toContainText('Jonas Achterberg');
    await expect(timeline(page)).toContainText('Malte Jessen');
  }
});

test('an internal note stays with the vendor, a shared one does not', async ({ open }) => {
  const deal = await approvedDeal();
  const partner = await open(WHO.auroraSales, `/deals/${deal.id}`);
  const heard = recordTraffic(partner);
  await partner.reload();
  await settled(partner);
  await live(partner);
  const manager = await open(WHO.manager, `/deals/${deal.id}`);
  const write = async (visibility, text) => {
    await manager.getByRole('group', { name: 'Who sees the note' }).getByRole('button', { name: visibility }).click();
    await manager.getByLabel('Add a note').fill(text);
    await manager.getByRole('button', { name: 'Add note' }).click();
    await expect(timeline(manager)).toContainText(text);
    // The stream may be faster than the answer, which empties the box.
    await expect(manager.getByLabel('Add a note')).toHaveValue('');
  };
  await write('Internal', 'Their margin is thin, keep an eye on it.');
  await write('Shared', 'Call me before the workshop.');

  await expect(timeline(partner)).toContainText('Call me before the workshop.');
  await expect(timeline(partner)).not.toContainText('Their margin is thin');
  await partner.reload();
  await settled(partner);
  await expect(timeline(partner)).toContainText('Call me before the workshop.');
  const told = await heard();
  expect(told).toContain('Call me before the workshop.');
  expect(told).not.toContain('Their margin is thin');
  expect(JSON.stringify(await readDeal(WHO.auroraSales, deal.id))).not.toContain('Their margin is thin');
  await expect(partner.getByRole('group', { name: 'Who sees the note' })).toHaveCount(0);
});

test('a rejection needs a reason, and the partner reads it', async ({ open }) => {
  const deal = await registerDeal();
  const partner = await open(WHO.auroraSales, `/deals/${deal.id}`);
  await live(partner);
  const manager = await open(WHO.manager, `/deals/${deal.id}`);
  await manager.getByRole('button', { name: 'Reject', exact: true }).click();
  const dialog = manager.getByRole('dialog', { name: 'Reject the registration' });
  await dialog.getByRole('button', { name: 'Reject', exact: true }).click();
  await expect(dialog).toContainText('Fill this in.');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('The customer is served by our own team.');
  await dialog.getByRole('button', { name: 'Reject', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(partner.getByRole('main')).toContainText('Rejected');
  await expect(partner.getByText('The customer is served by our own team.').first()).toBeVisible();
});

test('the partner withdraws, and the customer is free again', async ({ open }) => {
  const deal = await approvedDeal();
  const page = await open(WHO.auroraSales, `/deals/${deal.id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Withdraw' }).click();
  const dialog = page.getByRole('dialog', { name: 'Withdraw the registration?' });
  await dialog.getByRole('textbox').fill('The project was stopped.');
  await dialog.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await expect(page.getByRole('main')).toContainText('Withdrawn');
  const again = await registerDeal({ ...deal.input, title: 'Free again' }, WHO.borealisSales);
  expect(again.status).toBe('SUBMITTED');
});

test('who decides on an old version is told, and keeps what was typed', async ({ open }) => {
  const deal = await registerDeal();
  // Alone and cut off from the stream, so that this screen stays behind.
  const page = await open.alone(WHO.manager, '/');
  await page.routeWebSocket(/\/graphql/, () => {});
  await page.goto(`/deals/${deal.id}`);
  await settled(page);
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Too late for this quarter.');
  const asked = await changeDeal(WHO.manager, 'dealRequestInfo', deal, { question: 'When do they decide?' });
  await changeDeal(WHO.auroraSales, 'dealProvideInfo', asked, { answer: 'In May.' });
  await dialog.getByRole('button', { name: 'Reject', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('The deal changed while this was open');
  await expect(dialog.getByRole('textbox')).toHaveValue('Too late for this quarter.');
  expect((await readDeal(WHO.manager, deal.id)).status).toBe('IN_REVIEW');
  await expect(async () => {
    if (await dialog.isVisible()) await dialog.getByRole('button', { name: 'Reject', exact: true }).click({ timeout: 1_000 });
    await expect(dialog).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
  expect((await readDeal(WHO.manager, deal.id)).status).toBe('REJECTED');
});

test('winning asks first and ends the sale', async ({ open }) => {
  const deal = await approvedDeal();
  const page = await open(WHO.auroraSales, `/deals/${deal.id}`);
  await page.getByRole('button', { name: 'Move to Won' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move to Won?' });
  await dialog.getByRole('button', { name: 'Move to Won' }).click();
  await expect(page.getByText(/^Won on/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Move to Lost' })).toHaveCount(0);
});

test('the next step is changed where it stands', async ({ open }) => {
  const deal = await approvedDeal();
  const page = await open(WHO.auroraSales, `/deals/${deal.id}`);
  await page.getByRole('button', { name: 'Edit the next step' }).click();
  await page.getByRole('textbox', { name: 'Next step' }).fill('Workshop on the third');
  await page.getByRole('button', { name: 'Save' }).click();
  await toast(page, 'Saved');
  expect((await readDeal(WHO.manager, deal.id)).nextStep).toBe('Workshop on the third');
});

test("another partner's deal looks as if it did not exist", async ({ open }) => {
  const deal = await registerDeal();
  const page = await open(WHO.borealisSales, `/deals/${deal.id}`);
  await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
  await page.goto('/deals/deal_01J00000000000000000000000');
  await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
});
