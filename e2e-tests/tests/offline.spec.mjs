// A connection that is lost is shown, mended and caught up without a reload: nothing missing, nothing twice.
import { expect, live, test } from '../lib/fixtures.mjs';
import { startProxy } from '../lib/proxy.mjs';
import { boardCard, column } from '../lib/screens.mjs';
import { BASE_URL, WHO } from '../lib/server.mjs';
import { approvedDeal, changeDeal, registerDeal } from '../lib/deals.mjs';

test.use({ forgiven: [/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket|Failed to load resource/] });

/** What happens while nobody hears: two deals come, one moves on, one is withdrawn. */
async function meanwhile({ moved, gone }) {
  const first = await registerDeal();
  const second = await registerDeal();
  await changeDeal(WHO.auroraSales, 'dealMoveStage', moved, { stage: 'proposal' });
  await changeDeal(WHO.auroraSales, 'dealWithdraw', gone, { reason: 'The budget went elsewhere.' });
  return [first, second];
}

async function expectCaughtUp(page, { moved, gone }, come) {
  for (const deal of come) await expect(boardCard(page, deal.title)).toHaveCount(1);
  await expect(boardCard(column(page, 'Proposal'), moved.title)).toHaveCount(1);
  await expect(boardCard(page, moved.title)).toHaveCount(1);
  await expect(boardCard(page, gone.title)).toHaveCount(0);
  expect(await page.evaluate(() => window.neverReloaded)).toBe(true);
}

async function boardWith(open, url) {
  const deals = { moved: await approvedDeal(), gone: await registerDeal() };
  const page = await open.alone(WHO.auroraSales, '/pipeline', { url });
  await live(page);
  for (const deal of Object.values(deals)) await expect(boardCard(page, deal.title)).toHaveCount(1);
  await page.evaluate(() => (window.neverReloaded = true));
  return { page, deals };
}

test('a browser that goes offline and comes back', async ({ open }) => {
  const { page, deals } = await boardWith(open);
  await page.context().setOffline(true);
  await expect(page.getByText('You are offline. What you see may be out of date.')).toBeVisible();
  const come = await meanwhile(deals);
  await page.context().setOffline(false);
  await live(page);
  await expect(page.getByText('You are offline.')).toHaveCount(0);
  await expectCaughtUp(page, deals, come);
  const later = await registerDeal();
  await expect(boardCard(page, later.title)).toHaveCount(1);
});

test('a server that goes away and comes back', async ({ open }) => {
  const proxy = await startProxy(BASE_URL);
  const { page, deals } = await boardWith(open, proxy.url);
  proxy.cut();
  await expect(page.getByText('The live connection was lost. Reconnecting')).toBeVisible();
  const come = await meanwhile(deals);
  proxy.mend();
  await expect(page.getByTestId('live-state')).toHaveText('Live', { timeout: 30_000 });
  await expectCaughtUp(page, deals, come);
  await expect(page.getByText('The live connection was lost.')).toHaveCount(0);
  await proxy.close();
});

test('a socket that breaks for a moment is mended without a banner', async ({ open }) => {
  const proxy = await startProxy(BASE_URL);
  const { page, deals } = await boardWith(open, proxy.url);
  proxy.cut();
  proxy.mend();
  const come = await meanwhile(deals);
  await expectCaughtUp(page, deals, come);
  await live(page);
  await proxy.close();
});
