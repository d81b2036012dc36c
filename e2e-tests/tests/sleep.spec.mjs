// A laptop sleeps for a minute while others work; a server dies, is stopped, or gives way to another. Afterwards the
// screens are right without a reload, every change was heard, and none was shown twice.
import { execFileSync } from 'node:child_process';
import { expect, live, test } from '../lib/fixtures.mjs';
import { startOwnServer } from '../lib/own.mjs';
import { startProxy } from '../lib/proxy.mjs';
import { BASE_URL, SECOND_URL, WHO, data } from '../lib/server.mjs';
import { approvedDeal, changeDeal, readDeal, registerDeal } from '../lib/deals.mjs';
import { boardByApi, expectBoard, expectCard, recordChanges, recordWords } from '../lib/watch.mjs';
import { startWork } from '../lib/writer.mjs';

test.use({ forgiven: [/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_NETWORK|WebSocket|Failed to load resource/] });

/** A page of somebody of its own, behind a wire, that records what it hears and says. */
async function watching(open, who, path, url) {
  let changes;
  const page = await open.alone(who, path, { url, prepare: (fresh) => (changes = recordChanges(fresh)) });
  await live(page);
  const words = await recordWords(page);
  return { page, changes, words };
}

/** Every change of the work is heard, in order and once; nobody has to read everything again for it. */
async function expectHeard({ changes }, work) {
  const told = ({ id, kind }) => `${id} ${kind}`;
  const once = () => {
    const heard = changes.of(new Set(work.deals.keys()));
    return heard.filter((change, at) => heard.findIndex(({ cursor }) => cursor === change.cursor) === at).map(told);
  };
  // A screen that reads again may be right before it has heard the last of them.
  await expect.poll(once).toEqual(work.changes.map(told));
  expect(changes.resyncs()).toBe(0);
}

/** Nothing was said twice, nothing popped up, nothing was loaded again. */
async function expectCalm({ words }, work) {
  const titles = [...work.deals.values()].map(({ title }) => title);
  const said = (await words.said()).filter((text) => titles.some((title) => text.includes(title)));
  expect(said.length).toBe(new Set(said).size);
  expect(await words.toasts()).toEqual([]);
  expect(await words.neverReloaded()).toBe(true);
}

const titlesOf = (work) => new Set([...work.deals.values()].map(({ title }) => title));

/** Stops every process that runs pages of this browser, as sleep does, and answers how to wake them. */
async function putToSleep(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => String(id));
  expect(pids.length).toBeGreaterThan(0);
  execFileSync('kill', ['-STOP', ...pids]);
  await session.detach();
  return () => execFileSync('kill', ['-CONT', ...pids]);
}

/** What waits for a decision by the API, the nearest deadline first. */
async function waitingByApi() {
  const filter = '{ statuses: [SUBMITTED, IN_REVIEW] }';
  const { deals } = await data(WHO.manager, `{ deals(first: 100, filter: ${filter}, orderBy: { field: DECISION_DUE_AT, direction: ASC }) { nodes { title } } }`);
  return deals.nodes;
}

const measured = (description) => test.info().annotations.push({ type: 'measured', description });

test('a laptop sleeps for a minute while others work', async ({ open, browser }) => {
  test.setTimeout(180_000);
  const proxy = await startProxy(BASE_URL);
  const deals = { moved: await approvedDeal(), gone: await registerDeal(), followed: await registerDeal() };
  const board = await watching(open, WHO.auroraSales, '/pipeline', proxy.url);
  const queue = await watching(open, WHO.manager, '/queue?desk=everyone', proxy.url);
  const deal = await watching(open, WHO.auroraAdmin, `/deals/${deals.followed.id}`, proxy.url);

  const wake = await putToSleep(browser);
  proxy.freeze();
  const asleep = Date.now();
  const work = startWork({ pause: 400 });
  await changeDeal(WHO.auroraSales, 'dealMoveStage', deals.moved, { stage: 'proposal' });
  await changeDeal(WHO.auroraSales, 'dealWithdraw', deals.gone, { reason: 'The budget went elsewhere.' });
  const asked = await changeDeal(WHO.manager, 'dealRequestInfo', deals.followed, { question: 'Who signs?' });
  await changeDeal(WHO.auroraSales, 'dealProvideInfo', asked, { answer: 'Their head of IT.' });
  await new Promise((later) => setTimeout(later, 60_000 - (Date.now() - asleep)));
  await work.stop();
  const expected = await boardByApi(WHO.auroraSales);
  // Awake again; the old connections are dead and nothing says so.
  proxy.abandon();
  const woken = performance.now();
  wake();
  const took = await expectBoard(board.page, expected, { only: titlesOf(work), timeout: 30_000 });
  measured(`after 60 s of sleep and ${work.changes.length} changes the board is right within ${took.toFixed(0)} ms`);
  await expectCard(board.page, deals.moved.title, 'Proposal');
  await expectCard(board.page, deals.gone.title, null);
  // The queue is the nearest deadlines, as many as it shows.
  const queued = (await waitingByApi()).map(({ title }) => title);
  const shown = () => queue.page.locator('main li a').evaluateAll((links) => links.map((link) => link.textContent));
  await expect.poll(async () => {
    const titles = (await shown()).filter((title) => queued.includes(title) || titlesOf(work).has(title));
    return titles.length > 0 && titles.every((title, at) => title === queued[at]);
  }).toBe(true);
  const { timeline } = await readDeal(WHO.auroraAdmin, deals.followed.id);
  const entries = deal.page.locator('ol.e-timeline > li');
  await expect(entries).toHaveCount(timeline.nodes.length);
  // What was missed is drawn as fast as the machine can; only waiting for a request that is given up is that slow.
  expect(took).toBeLessThan(25_000);

  for (const screen of [board, queue, deal]) {
    await expectHeard(screen, work);
    await expectCalm(screen, work);
    expect(screen.changes.sockets.length).toBe(2);
    // Far above what it takes to begin a new connection: only waiting for a ping that is not answered is that slow.
    expect(screen.changes.sockets[1].at - woken).toBeLessThan(8_000);
  }
  // And it is live, not only caught up.
  const later = await registerDeal();
  await expectCard(board.page, later.title, 'Prospecting');
  await proxy.close();
});

test('a network that swallows everything for a while and then gives it back', async ({ open }) => {
  test.setTimeout(90_000);
  const proxy = await startProxy(BASE_URL);
  const board = await watching(open, WHO.auroraSales, '/pipeline', proxy.url);
  proxy.freeze();
  const work = startWork({ pause: 200 });
  await new Promise((later) => setTimeout(later, 6_000));
  await work.stop();
  proxy.thaw();
  await expectBoard(board.page, await boardByApi(WHO.auroraSales), { only: titlesOf(work) });
  await expectHeard(board, work);
  await expectCalm(board, work);
  // Shorter than anybody waits for an answer: the same connection goes on, and nobody was told of it.
  expect(board.changes.sockets.length).toBe(1);
  await expect(board.page.getByTestId('live-banner')).toBeEmpty();
  await proxy.close();
});

for (const signal of ['SIGKILL', 'SIGTERM']) {
  test(`a server ends by ${signal} and is started again while others work`, async ({ open }) => {
    test.setTimeout(90_000);
    const server = await startOwnServer();
    const board = await watching(open, WHO.auroraSales, '/pipeline', server.url);
    const work = startWork({ pause: 150 });
    await expect.poll(() => work.changes.length).toBeGreaterThan(4);
    await server.stop(signal);
    const before = work.changes.length;
    await expect.poll(() => work.changes.length, { timeout: 20_000 }).toBeGreaterThan(before + 6);
    const since = performance.now();
    await server.start();
    const started = performance.now() - since;
    // How long it pauses between two attempts is partly chance.
    await live(board.page, { timeout: 30_000 });
    const back = performance.now() - since - started;
    await expect.poll(() => work.changes.length, { timeout: 20_000 }).toBeGreaterThan(before + 10);
    await work.stop();
    await expectBoard(board.page, await boardByApi(WHO.auroraSales), { only: titlesOf(work) });
    measured(`after ${signal} the server was up in ${started.toFixed(0)} ms, and the board live ${Math.max(0, back).toFixed(0)} ms later`);
    await expectHeard(board, work);
    await expectCalm(board, work);
    await server.stop();
  });
}

test('another server on the same database takes over', async ({ open }) => {
  test.skip(SECOND_URL === BASE_URL, 'E2E_SECOND_URL names no second server');
  test.setTimeout(90_000);
  const proxy = await startProxy(BASE_URL);
  const board = await watching(open, WHO.auroraSales, '/pipeline', proxy.url);
  const work = startWork({ pause: 150 });
  for (const to of [SECOND_URL, BASE_URL, SECOND_URL]) {
    const before = work.changes.length;
    await expect.poll(() => work.changes.length, { timeout: 20_000 }).toBeGreaterThan(before + 4);
    // What is not back yet has no line that could be dropped; it takes up to a second to try.
    const sockets = board.changes.sockets.length;
    expect(board.changes.open()).toHaveLength(1);
    proxy.lead(to);
    proxy.drop();
    await expect.poll(() => board.changes.sockets.length).toBe(sockets + 1);
    await live(board.page);
  }
  await work.stop();
  await expectBoard(board.page, await boardByApi(WHO.auroraSales), { only: titlesOf(work) });
  await expectHeard(board, work);
  await expectCalm(board, work);
  await proxy.close();
});
