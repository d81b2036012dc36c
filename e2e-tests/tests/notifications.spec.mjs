// Being told: the bell, the list, what is sent how; and acting from a letter without signing in.
import { changeDeal, registerDeal } from '../lib/deals.mjs';
import { expect, live, test } from '../lib/fixtures.mjs';
import { look } from '../lib/look.mjs';
import { boardCard, toast } from '../lib/screens.mjs';
import { BASE_URL, WHO, data } from '../lib/server.mjs';
import { until as wait } from '../lib/own.mjs';

test.describe.configure({ mode: 'serial', timeout: 90_000 });

// Who decides about customers in France: the other tests register few there, so that her letters are no flood that folds.
const DECIDER = 'aisha.rahman@entente.test';

/** The letter to somebody in which a text stands; the server shows in development what it would have sent. */
async function letter(to, text) {
  let found;
  await wait(`a letter to ${to} about ${text}`, async () => {
    const letters = await (await fetch(`${BASE_URL}/dev/mail.json`)).json();
    found = letters.find((one) => one.to === to && one.text.includes(text));
    return Boolean(found);
  });
  return found;
}

/** Paths of the links in a letter that act. */
const links = (one) => [...one.text.matchAll(/\/act\/[\w-]+/g)].map(([path]) => path);

/** How much the bell says is unread. */
async function unread(page) {
  const label = await page.getByTestId('bell').getAttribute('aria-label');
  return label.includes('nothing') ? 0 : label.includes('one') ? 1 : Number(label.match(/\d+/)[0]);
}

/** The same, once the bell says what the server does. */
async function unreadOf(who, page) {
  let told;
  await expect(async () => {
    told = (await data(who, '{ notificationsUnread }')).notificationsUnread;
    expect(await unread(page)).toBe(told);
  }).toPass({ timeout: 10_000 });
  return told;
}

test('a registration writes to who decides it, whose letter approves it without signing in, and the board moves', async ({ open }) => {
  const board = await open(WHO.auroraSales, '/pipeline');
  const home = await open(DECIDER, '/');
  for (const page of [board, home]) await live(page);
  const before = await unreadOf(DECIDER, home);
  const deal = await registerDeal({ customerCountry: 'FR' });
  await expect.poll(() => unread(home)).toBe(before + 1);
  await expect(boardCard(board, deal.title)).toContainText('Submitted');

  const [approve, reject] = links(await letter(DECIDER, deal.title));
  const page = await open(null, approve);
  await expect(page.getByRole('heading', { level: 1, name: 'Approve this registration?' })).toBeVisible();
  await expect(page.getByText(deal.title)).toBeVisible();
  await look(page, 'act');
  await expect(boardCard(board, deal.title)).toContainText('Submitted');
  await page.getByLabel('Note to the partner').fill('From the train');
  const told = await unreadOf(WHO.auroraSales, board);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Approved' })).toBeVisible();
  await expect(boardCard(board, deal.title)).toContainText('Protected until');
  await expect(boardCard(board, deal.title)).not.toContainText('Submitted');

  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'This link has been used' })).toBeVisible();
  const other = await open(null, reject);
  await expect(other.getByRole('heading', { level: 1, name: 'This has been settled' })).toBeVisible();
  // Who registered it is told, live.
  await expect.poll(() => unread(board)).toBeGreaterThan(told);
});

test('a link is refused where somebody else is signed in, and its address goes nowhere', async ({ open }) => {
  const deal = await registerDeal({ customerCountry: 'FR' });
  const [, reject] = links(await letter(DECIDER, deal.title));
  const answer = await fetch(`${BASE_URL}${reject}`);
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  const page = await open(WHO.auroraSales, reject);
  await expect(page.getByRole('heading', { level: 1, name: 'This link is for somebody else' })).toBeVisible();
  expect(await page.locator('main').textContent()).not.toContain(deal.title);

  // The person's own session does no harm, and a reason has to be given.
  const own = await open(DECIDER, reject);
  await own.getByRole('button', { name: 'Reject', exact: true }).click();
  await expect(own.getByLabel('Reason, for the partner to read')).toHaveAccessibleDescription(/Write something/);
  await own.getByLabel('Reason, for the partner to read').fill('The customer is served already');
  await own.getByRole('button', { name: 'Reject', exact: true }).click();
  await expect(own.getByRole('heading', { level: 1, name: 'Rejected' })).toBeVisible();
});

test('the list is live, opens what it tells of, and is read in every window', async ({ open }) => {
  const deal = await registerDeal();
  await changeDeal(WHO.manager, 'dealRequestInfo', deal, { question: 'Which site is it for?' });
  const page = await open(WHO.auroraSales, '/notifications');
  await live(page);
  const row = (list) => list.getByRole('listitem').filter({ hasText: deal.title }).filter({ hasText: 'asks you something' });
  await expect(row(page)).toContainText('Which site is it for?');
  await expect(row(page)).toContainText('Waits for your answer');
  await look(page, 'notifications');

  // A second window of the same person.
  const second = await open(WHO.auroraSales, '/notifications');
  await live(second);
  const count = await unreadOf(WHO.auroraSales, second);
  await row(page).getByRole('button', { name: /^Mark as read/ }).click();
  await expect.poll(() => unread(second)).toBe(count - 1);
  await row(page).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: deal.title })).toBeVisible();

  await second.getByRole('button', { name: 'Mark all as read' }).click();
  await expect.poll(() => unread(second)).toBe(0);
  const later = await registerDeal();
  await changeDeal(WHO.manager, 'dealReject', later, { reason: 'Too small' });
  const news = second.getByRole('listitem').filter({ hasText: later.title }).filter({ hasText: 'did not approve' });
  await expect(news).toContainText('Too small');
});

test('somebody chooses what is sent, and is told what cannot be', async ({ open }) => {
  const page = await open(WHO.borealisSales, '/notifications/preferences');
  await expect(page.getByLabel('The vendor asks me something')).toBeVisible();
  await expect(page.getByLabel('The vendor asks me something').getByRole('option', { name: 'Not at all' })).toHaveCount(0);
  await page.getByLabel('My registration was approved').selectOption('digest');
  await page.getByRole('checkbox', { name: /Quiet hours/ }).check();
  await look(page, 'notification-preferences');
  await page.getByLabel('Time zone').fill('Mars/Olympus');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByLabel('Time zone')).toHaveAccessibleDescription(/no such time zone/);
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByRole('button', { name: 'Save' }).click();
  await toast(page, 'Saved');
  await page.reload();
  await expect(page.getByLabel('My registration was approved')).toHaveValue('digest');
  await expect(page.getByLabel('Quiet from')).toHaveValue('20:00');
  // As it was, for the other tests.
  const { notificationPreferences } = await data(WHO.borealisSales, '{ notificationPreferences { version } }');
  const usual = `mutation ($v: Int!) { notificationPreferencesUpdate(input: { expectedVersion: $v, choices: [], digest: DAILY, digestAt: "08:00" }) { errors { message } } }`;
  await data(WHO.borealisSales, usual, { v: notificationPreferences.version });
});

test('what is told while the bell still waits for its first answer is counted', async ({ open }) => {
  const page = await open(WHO.auroraAdmin, '/profile');
  const before = await unreadOf(WHO.auroraAdmin, page);
  let answer;
  const isAnswered = new Promise((resolve) => (answer = resolve));
  const isAsked = new Promise((asked) => {
    void page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('notificationsUnread')) return route.fallback();
      const response = await route.fetch();
      asked();
      await isAnswered;
      await route.fulfill({ response });
    });
  });
  const isTold = new Promise((told) => {
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => String(payload).includes('"isNew":true') && told()));
  });
  await page.reload();
  await isAsked;
  await live(page);
  await changeDeal(WHO.manager, 'dealRequestInfo', await registerDeal(), { question: 'Who signs?' });
  await isTold;
  answer();
  await expect.poll(() => unread(page)).toBe(before + 1);
});
