// The approval queue as a place to work: driven by keyboard alone, several approvals with one undo, views, and what others do.
import { expect, live, settled, test } from '../lib/fixtures.mjs';
import { look } from '../lib/look.mjs';
import { changeDeal, readDeal, registerDeal } from '../lib/deals.mjs';
import { queueRow, toast } from '../lib/screens.mjs';
import { WHO, data, unique } from '../lib/server.mjs';

test.describe.configure({ mode: 'serial', timeout: 90_000 });

/** Deals of customers with a name of their own, so that a search shows these and no others. */
async function several(count, changes = {}) {
  const word = unique('Keyboard').replaceAll(' ', '');
  const deals = [];
  for (let n = 0; n < count; n += 1) deals.push(await registerDeal({ title: `${word} ${String(n).padStart(2, '0')}`, ...changes }));
  return { word, deals };
}

const open_ = (word) => `/queue?q=${word}`;
const selected = (page) => page.getByTestId('queue-selected');
const waiting = (page) => page.getByTestId('queue-undo');
const statuses = (deals) => Promise.all(deals.map(async ({ id }) => (await readDeal(WHO.admin, id)).status));
const current = (page) => page.locator('.e-queue-row--current');

test('ten approvals by keyboard alone, in less than ten seconds', async ({ open }) => {
  const { word, deals } = await several(10);
  const page = await open(WHO.manager, '/queue');
  await live(page);
  // From the search to the last approval without the mouse.
  await page.keyboard.press('/');
  await expect(page.locator('#queue-search')).toBeFocused();
  await page.keyboard.type(word);
  await expect(queueRow(page, deals[9].title)).toBeVisible();
  await expect(page.getByTestId('queue-list').getByRole('checkbox')).toHaveCount(10);
  await page.keyboard.press('Escape');

  // By the page's own clock, from the first key to the toast: how often a test looks is no part of it.
  await page.evaluate(() => {
    let began;
    document.addEventListener('keydown', () => (began = performance.now()), { capture: true, once: true });
    const corner = document.querySelector('.e-toasts');
    window.tookMs = new Promise((done) => {
      const look = () => /10\sregistrations\sapproved/.test(corner.textContent) && done(performance.now() - began);
      new MutationObserver(look).observe(corner, { childList: true, characterData: true, subtree: true });
    });
  });
  await page.keyboard.press('x');
  for (let n = 0; n < 9; n += 1) await page.keyboard.press('Shift+J');
  await expect(selected(page)).toContainText('10 selected');
  await page.keyboard.press('a');
  await expect(waiting(page)).toContainText('Approving 10 registrations');
  // Nothing has gone out while it can be undone.
  expect(new Set(await statuses(deals))).toEqual(new Set(['SUBMITTED']));
  await toast(page, '10 registrations approved');
  const took = (await page.evaluate(() => window.tookMs)) / 1000;
  expect(await statuses(deals)).toEqual(Array(10).fill('APPROVED'));
  console.log(`measured: ten approvals by keyboard took ${took.toFixed(1)} s, six of them to undo`);
  expect(took).toBeLessThan(10);
  await expect(page.getByText('Nothing matches')).toBeVisible();
});

test('what is undone is not approved, and leaving the screen sends at once', async ({ open }) => {
  const { word, deals } = await several(3);
  const page = await open(WHO.manager, open_(word));
  await expect(page.getByTestId('queue-list').getByRole('checkbox')).toHaveCount(3);
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(selected(page)).toContainText('2 selected');
  await page.keyboard.press('a');
  await expect(waiting(page)).toContainText('Approving 2 registrations');
  await page.keyboard.press('u');
  await expect(waiting(page)).toHaveCount(0);
  await expect(page.getByTestId('announcer')).toContainText('nothing was approved');

  // Every second row by the mouse, then off to another screen.
  for (const deal of [deals[0], deals[2]]) await page.getByRole('checkbox', { name: `Select ${deal.title}` }).check();
  await selected(page).getByRole('button', { name: /^Approve/ }).click();
  await expect(waiting(page)).toBeVisible();
  await page.getByRole('link', { name: 'Pipeline' }).click();
  await toast(page, '2 registrations approved');
  expect(await statuses(deals)).toEqual(['APPROVED', 'SUBMITTED', 'APPROVED']);

  // Closing the page sends too.
  const again = await open(WHO.manager, open_(word));
  await again.keyboard.press('x');
  await again.keyboard.press('a');
  await expect(waiting(again)).toContainText('Approving 1 registration');
  await again.close({ runBeforeUnload: false });
  await expect.poll(async () => (await readDeal(WHO.admin, deals[1].id)).status).toBe('APPROVED');
});

test('one that fails does not stop the others, and its row says why', async ({ open }) => {
  const { word, deals } = await several(3);
  const page = await open.alone(WHO.manager, '/');
  // Cut off from the stream, so that this screen stays behind.
  await page.routeWebSocket(/\/graphql/, () => {});
  await page.goto(open_(word));
  await settled(page);
  await changeDeal(WHO.auroraSales, 'dealWithdraw', deals[1], { reason: 'Stopped' });
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+J');
  await page.keyboard.press('Shift+J');
  await page.keyboard.press('a');
  await page.getByRole('button', { name: 'Send now' }).click();
  await toast(page, '2 approved, 1 not');
  expect(await statuses(deals)).toEqual(['APPROVED', 'WITHDRAWN', 'APPROVED']);
});

test('the keys decide one by one too, and say what they are', async ({ open }) => {
  const { word, deals } = await several(3);
  const page = await open(WHO.manager, open_(word));
  await expect(page.getByTestId('queue-list').getByRole('checkbox')).toHaveCount(3);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys of the queue' })).toContainText('Select a range');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.keyboard.press('j');
  await expect(current(page)).toContainText(deals[1].title);
  await page.keyboard.press('r');
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused();
  await page.keyboard.type('Not our market.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(queueRow(page, deals[1].title)).toHaveCount(0);
  await expect(current(page)).toContainText(deals[2].title);
  await page.keyboard.press('i');
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused();
  await page.keyboard.type('Who decides?');
  await page.keyboard.press('Control+Enter');
  // The stream may take the row away before the answer closes the dialog, which takes keys for itself.
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(queueRow(page, deals[2].title)).toHaveCount(0);
  await expect(current(page)).toContainText(deals[0].title);
  await page.keyboard.press('h');
  const dialog = page.getByRole('dialog', { name: 'Hand the registration on' });
  await dialog.getByLabel('New owner').selectOption({ label: 'Aisha Rahman' });
  await dialog.getByLabel('Reason').fill('She knows the customer');
  await page.keyboard.press('Control+Enter');
  await toast(page, 'Aisha Rahman decides now');
  await expect(queueRow(page, deals[0].title)).toHaveCount(0);
  expect(await statuses(deals)).toEqual(['SUBMITTED', 'REJECTED', 'INFO_REQUESTED']);
  const seen = await readDeal(WHO.auroraSales, deals[0].id);
  expect(JSON.stringify(seen)).not.toContain('She knows the customer');
});

test('what others decide goes with a mark, and the count in the menu follows', async ({ open }) => {
  const { word, deals } = await several(2);
  const page = await open(WHO.manager, open_(word));
  await live(page);
  await expect(page.getByTestId('queue-list').getByRole('checkbox')).toHaveCount(2);
  const count = page.getByRole('link', { name: /^Approval queue/ });
  const desk = async () => (await data(WHO.manager, '{ desk { waiting } }')).desk.waiting;
  const before = await desk();
  await expect(count).toContainText(String(before));
  await changeDeal(WHO.admin, 'dealApprove', deals[0]);
  await expect(page.getByTestId('queue-gone')).toContainText('Miriam Falk: Approved the registration');
  await expect(count).toContainText(String(before - 1));
  await expect(page.getByTestId('queue-gone')).toHaveCount(0);
  await expect(queueRow(page, deals[1].title)).toBeVisible();
});

test('two steps: the first approval hands on, the partner sees the names of the steps', async ({ open }) => {
  const { word, deals } = await several(1, { value: { amount: '700000.00', currency: 'EUR' } });
  const [deal] = deals;
  const admin = await open(WHO.admin, `/queue?desk=everyone&q=${word}`);
  await live(admin);
  const manager = await open(WHO.manager, open_(word));
  await live(manager);
  await expect(queueRow(manager, deal.title)).toContainText('Step 1 of 2');
  await expect(manager.getByTestId('route')).toContainText('Deal desk');
  await manager.keyboard.press('x');
  await manager.keyboard.press('a');
  await manager.getByRole('button', { name: 'Send now' }).click();
  await toast(manager, '1 step approved');
  await expect(queueRow(manager, deal.title)).toHaveCount(0);
  expect((await readDeal(WHO.admin, deal.id)).status).toBe('IN_REVIEW');
  await expect(queueRow(admin, deal.title)).toContainText('Step 2 of 2');

  const partner = await open(WHO.auroraSales, `/deals/${deal.id}`);
  const route = partner.getByTestId('route');
  await expect(route).toContainText('Channel manager Approved');
  await expect(route).toContainText('Deal desk Decides now');
  await expect(route).not.toContainText('Miriam Falk');
  await expect(route).not.toContainText('Large deals');
  await admin.keyboard.press('a');
  // The last step approves the registration itself: its note is for the partner.
  await expect(admin.getByRole('dialog').getByLabel('Note to the partner')).toBeVisible();
  await admin.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(route).toContainText('Deal desk Approved');
  expect((await readDeal(WHO.admin, deal.id)).status).toBe('APPROVED');
});

test('a view is saved, begun with, changed and removed', async ({ open }) => {
  const page = await open(WHO.manager, '/queue');
  const name = unique('Large first');
  const views = page.getByRole('button', { name: 'Views' });
  await page.getByLabel('Order').selectOption('value');
  await expect(page).toHaveURL(/sort=value/);
  await views.click();
  await page.getByRole('menuitem', { name: 'Save this view …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of the view').fill(name);
  await dialog.getByRole('checkbox', { name: 'Begin with it' }).check();
  await dialog.getByRole('button', { name: 'Save view' }).click();
  await toast(page, `The view ${name} is saved.`);
  await look(page, 'queue');

  const again = await open(WHO.manager, '/queue');
  await expect(again).toHaveURL(/sort=value/);
  await expect(again.getByLabel('Order')).toHaveValue('value');
  await again.getByRole('button', { name: 'Views' }).click();
  await again.getByRole('menuitem', { name: 'Look after views …' }).click();
  await again.getByRole('dialog').getByRole('button', { name: 'Do not begin with it' }).click();
  await expect(again.getByRole('dialog').getByRole('button', { name: 'Begin with it', exact: true })).toBeVisible();
  await again.getByRole('button', { name: `Remove the view ${name}` }).click();
  await expect(again.getByRole('dialog')).toContainText('No views');
  const { savedViews } = await data(WHO.manager, '{ savedViews(list: QUEUE) { name } }');
  expect(savedViews.map((view) => view.name)).not.toContain(name);
});
