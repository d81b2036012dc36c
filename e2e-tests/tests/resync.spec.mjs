// A gap that the server cannot replay: every live screen reads again what it shows, and what came in before the gap does
// not stand in the way of what is read after it. The changes are kept from the page by a hand on its socket.
import { expect, live, test } from '../lib/fixtures.mjs';
import { queueRow } from '../lib/screens.mjs';
import { WHO, data } from '../lib/server.mjs';
import { cursorNow } from '../lib/changes.mjs';
import { approvedDeal, changeDeal, readDeal, registerDeal } from '../lib/deals.mjs';
import { expectCard } from '../lib/watch.mjs';

/**
 * Opens a screen whose live changes can be withheld; `gap()` then tells it that there was one, once the last of them has been
 * withheld, which it knows by a text in it.
 */
async function screenWithGap(open, who, path) {
  let withheld = false;
  const kept = [];
  let toPage;
  let id;
  const page = await open.alone(who, path, {
    prepare: (fresh) =>
      fresh.routeWebSocket(/\/graphql$/, (socket) => {
        toPage = socket;
        const server = socket.connectToServer();
        socket.onMessage((text) => {
          const message = JSON.parse(text);
          if (message.type === 'subscribe' && message.payload.query.includes('dealChanges')) id = message.id;
          server.send(text);
        });
        server.onMessage((text) => {
          if (withheld && JSON.parse(text).type === 'next') kept.push(text);
          else socket.send(text);
        });
      }),
  });
  await live(page);
  await expect.poll(() => id).toBeTruthy();
  await page.evaluate(() => (window.neverReloaded = true));
  return {
    page,
    withhold: () => (withheld = true),
    gap: async (last) => {
      await expect.poll(() => kept.some((text) => text.includes(last))).toBe(true);
      const cursor = await cursorNow();
      withheld = false;
      const dealChanges = { __typename: 'ResyncRequired', cursor, reason: 'The changes since then are not kept any more.' };
      toPage.send(JSON.stringify({ id, type: 'next', payload: { data: { dealChanges } } }));
    },
    expectSame: async () => expect(await page.evaluate(() => window.neverReloaded)).toBe(true),
  };
}

for (const view of ['', '?view=table']) {
  test(`the pipeline reads again${view && ', as a table too'}`, async ({ open }) => {
    const screen = await screenWithGap(open, WHO.auroraSales, `/pipeline${view}`);
    const { page } = screen;
    const shown = (deal) => page.getByRole('main').getByRole('link', { name: deal.title, exact: true });
    // These come in live, so the screen holds a state of them that is old after the gap.
    const moved = await approvedDeal();
    const gone = await registerDeal();
    for (const deal of [moved, gone]) await expect(shown(deal)).toHaveCount(1);
    screen.withhold();
    await changeDeal(WHO.auroraSales, 'dealMoveStage', moved, { stage: 'proposal' });
    await changeDeal(WHO.auroraSales, 'dealWithdraw', gone, { reason: 'The budget went elsewhere.' });
    const come = await registerDeal();
    await screen.gap(come.id);
    await expect(shown(come)).toHaveCount(1);
    await expect(shown(gone)).toHaveCount(0);
    const link = page.getByRole('link', { name: moved.title, exact: true });
    if (view) await expect(page.getByRole('row').filter({ has: link })).toContainText('Proposal');
    else await expectCard(page, moved.title, 'Proposal');
    await expect(shown(moved)).toHaveCount(1);
    // And goes on live from the cursor that came with it.
    const later = await registerDeal();
    await expect(shown(later)).toHaveCount(1);
    await screen.expectSame();
  });
}

test('the queue reads again', async ({ open }) => {
  const screen = await screenWithGap(open, WHO.manager, '/queue?desk=everyone');
  const decided = await registerDeal();
  await expect(queueRow(screen.page, decided.title)).toHaveCount(1);
  screen.withhold();
  await changeDeal(WHO.auroraSales, 'dealWithdraw', decided, { reason: 'The budget went elsewhere.' });
  const come = await registerDeal();
  await screen.gap(come.id);
  await expect(queueRow(screen.page, decided.title)).toHaveCount(0);
  // The nearest deadline stands first, so what came last may be pages away.
  const more = screen.page.getByRole('button', { name: 'Show more' });
  await expect(async () => {
    if (await more.isVisible()) await more.click();
    await expect(queueRow(screen.page, come.title)).toHaveCount(1, { timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await expect(queueRow(screen.page, decided.title)).toHaveCount(0);
  await screen.expectSame();
});

test('the page of a deal reads again', async ({ open }) => {
  const deal = await registerDeal();
  const screen = await screenWithGap(open, WHO.auroraSales, `/deals/${deal.id}`);
  screen.withhold();
  const asked = await changeDeal(WHO.manager, 'dealRequestInfo', deal, { question: 'Who signs the contract?' });
  await changeDeal(WHO.auroraSales, 'dealProvideInfo', asked, { answer: 'Their head of IT.' });
  const { timeline } = await readDeal(WHO.auroraSales, deal.id);
  await screen.gap('DEAL_INFO_PROVIDED');
  await expect(screen.page.locator('ol.e-timeline > li')).toHaveCount(timeline.nodes.length);
  await expect(screen.page.getByRole('main')).toContainText('Who signs the contract?');
  await screen.expectSame();
});

test('the home screen reads again', async ({ open }) => {
  const screen = await screenWithGap(open, WHO.auroraSales, '/');
  screen.withhold();
  const come = await registerDeal();
  await screen.gap(come.id);
  await expect(screen.page.getByRole('listitem').filter({ hasText: come.title }).first()).toBeVisible();
  await screen.expectSame();
});

test('the page of a partner reads its deals again', async ({ open }) => {
  const { viewer } = await data(WHO.auroraSales, '{ viewer { partner { slug } } }');
  const screen = await screenWithGap(open, WHO.manager, `/partners/${viewer.partner.slug}`);
  screen.withhold();
  const come = await registerDeal();
  await screen.gap(come.id);
  await expect(screen.page.getByRole('link', { name: come.title, exact: true })).toHaveCount(1);
  await screen.expectSame();
});
