// A tab that nobody looks at costs the server nothing and is whole again the moment it is shown; a session that is
// renewed keeps its connection; people hear of the connection only when they should. The page's clock is set forward.
import { expect, live, test } from '../lib/fixtures.mjs';
import { startProxy } from '../lib/proxy.mjs';
import { BASE_URL, WHO } from '../lib/server.mjs';
import { approvedDeal, changeDeal, registerDeal } from '../lib/deals.mjs';
import { expectCard, recordChanges, recordWords } from '../lib/watch.mjs';

test.use({ forgiven: [/ERR_CONNECTION|WebSocket|Failed to load resource/] });

/** As the browser does when another tab is brought to the front, or this one is. */
async function look(page, visible) {
  await page.evaluate((isVisible) => {
    Object.defineProperty(document, 'hidden', { value: !isVisible, configurable: true });
    Object.defineProperty(document, 'visibilityState', { value: isVisible ? 'visible' : 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visible);
}

/** A board whose clock the test can set forward. */
async function boardWithClock(open, { url = BASE_URL, path = '/pipeline' } = {}) {
  let changes;
  const page = await open.alone(WHO.auroraSales, path, {
    url,
    prepare: async (fresh) => {
      changes = recordChanges(fresh);
      await fresh.clock.install();
    },
  });
  await live(page);
  return { page, changes, words: await recordWords(page) };
}

test('a tab that is hidden for minutes lets its connection go and is whole again when it is shown', async ({ open }) => {
  const moved = await approvedDeal();
  const { page, changes, words } = await boardWithClock(open);
  await expectCard(page, moved.title, 'Prospecting');
  await look(page, false);
  // A glance at another tab changes nothing.
  await page.clock.fastForward('01:00');
  await look(page, true);
  await live(page);
  const heard = await registerDeal();
  await expectCard(page, heard.title, 'Prospecting');

  await look(page, false);
  await page.clock.fastForward('06:00');
  await expect.poll(() => changes.open().length).toBe(0);
  const before = changes.sockets.length;
  const come = await registerDeal();
  await changeDeal(WHO.auroraSales, 'dealMoveStage', moved, { stage: 'proposal' });
  // It does not come back by itself, however long it takes, and asks for nothing, not even a new token.
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  for (let hour = 0; hour < 3; hour += 1) {
    await page.clock.fastForward('01:00:00');
    await page.clock.runFor(1_000);
  }
  expect(changes.sockets.length).toBe(before);
  expect(asked).toEqual([]);
  await expectCard(page, come.title, null);

  await look(page, true);
  await expectCard(page, come.title, 'Prospecting');
  await expectCard(page, moved.title, 'Proposal');
  expect(changes.open().length).toBe(1);
  expect(changes.resyncs()).toBe(0);
  expect(await words.neverReloaded()).toBe(true);
  await expect(page.getByTestId('live-banner')).toBeEmpty();
});

test('a page that the browser kept and brings back is live again', async ({ open }) => {
  const { page, changes } = await boardWithClock(open);
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await expect.poll(() => changes.open().length).toBe(0);
  const come = await registerDeal();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expectCard(page, come.title, 'Prospecting');
  await live(page);
});

test('a session that is renewed keeps its connection and takes the new token along', async ({ open }) => {
  const sent = [];
  const heard = [];
  let changes;
  const page = await open.alone(WHO.auroraSales, '/pipeline', {
    prepare: async (fresh) => {
      changes = recordChanges(fresh);
      fresh.on('websocket', (socket) => {
        socket.on('framesent', ({ payload }) => sent.push(JSON.parse(payload)));
        socket.on('framereceived', ({ payload }) => heard.push(JSON.parse(payload)));
      });
      await fresh.clock.install();
    },
  });
  await live(page);
  const first = sent.find(({ type }) => type === 'connection_init').payload.authorization;
  // Two tokens of one second are the same text; the server's second has to be another one before the renewal.
  const { iat } = JSON.parse(Buffer.from(first.split('.')[1], 'base64url'));
  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(iat);
  // The token lives for ten minutes and is renewed a minute before; the connection is asked now and then meanwhile.
  for (let minute = 0; minute < 9; minute += 1) {
    await page.clock.fastForward('00:59');
    await page.clock.runFor(1_500);
    await live(page);
  }
  const renewed = () => heard.filter(({ type, payload }) => type === 'pong' && payload?.authorization === 'renewed').length;
  await expect.poll(renewed).toBeGreaterThan(0);
  const taken = sent.filter(({ type, payload }) => type === 'ping' && payload?.authorization);
  expect(taken[0].payload.authorization).toMatch(/^Bearer ey/);
  expect(taken[0].payload.authorization).not.toBe(first);
  const deal = await registerDeal();
  await expectCard(page, deal.title, 'Prospecting');
  // Sleep of a minute has it connect anew, so count the renewals' own effect: none of them closed the socket.
  const at = heard.findIndex(({ type, payload }) => type === 'pong' && payload?.authorization === 'renewed');
  expect(heard.slice(at).some(({ type }) => type === 'connection_ack')).toBe(false);
  expect(changes.resyncs()).toBe(0);
});

test('a blip goes unseen; an outage is told, and so is its end', async ({ open }) => {
  const proxy = await startProxy(BASE_URL);
  const { page } = await boardWithClock(open, { url: proxy.url });
  const banner = page.getByTestId('live-banner');
  const seen = page.evaluate(
    () =>
      new Promise((resolve) => {
        const texts = [];
        const region = document.querySelector('[data-testid=live-banner]');
        new MutationObserver(() => texts.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
        window.bannerTexts = () => resolve(texts);
      }),
  );
  proxy.drop();
  await live(page);
  const deal = await registerDeal();
  await expectCard(page, deal.title, 'Prospecting');
  await expect(banner).toBeEmpty();

  proxy.cut();
  await expect(banner).toContainText('The live connection was lost. Reconnecting');
  await expect(banner).toHaveAttribute('role', 'status');
  proxy.mend();
  await expect(banner).toContainText('What you see is up to date.', { timeout: 30_000 });
  await page.clock.fastForward('00:06');
  await expect(banner).toBeEmpty();
  await page.evaluate(() => window.bannerTexts());
  const texts = (await seen).filter(Boolean);
  expect(new Set(texts).size).toBe(2);
  await proxy.close();
});
