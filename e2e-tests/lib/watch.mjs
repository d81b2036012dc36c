// What a page was told and what it said, counted: live changes on its sockets, announcements to screen readers, toasts.
// And whether a board is what the API says it is.
import { expect } from '@playwright/test';
import { boardCard, column } from './screens.mjs';
import { data } from './server.mjs';

/** Records the live changes that a page's sockets bring, connection by connection. Before the page is opened. */
export function recordChanges(page) {
  const sockets = [];
  page.on('websocket', (socket) => {
    const record = { at: performance.now(), changes: [], resyncs: 0, subscribed: 0, isClosed: false };
    sockets.push(record);
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('"subscribe"')) record.subscribed += 1;
    });
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(String(payload));
      const told = message.type === 'next' && message.payload.data?.dealChanges;
      if (told?.deal) record.changes.push({ cursor: told.cursor, id: told.deal.id, kind: told.kind });
      else if (told) record.resyncs += 1;
    });
    socket.on('close', () => (record.isClosed = true));
  });
  return {
    sockets,
    open: () => sockets.filter((socket) => !socket.isClosed),
    /** Every change of these deals in the order in which it came, on whichever connection. */
    of: (ids) => sockets.flatMap(({ changes }) => changes).filter(({ id }) => ids.has(id)),
    resyncs: () => sockets.reduce((sum, { resyncs }) => sum + resyncs, 0),
  };
}

/** Records everything that a page says to screen readers and every toast from now on; and that it is never loaded again. */
export async function recordWords(page) {
  await page.evaluate(() => {
    window.neverReloaded = true;
    window.said = [];
    window.toasts = [];
    const plain = (text) => text.replaceAll('\u00a0', ' ').trim();
    const announcer = document.querySelector('[data-testid=announcer]');
    new MutationObserver(() => window.said.push(plain(announcer.textContent))).observe(announcer, { childList: true, characterData: true, subtree: true });
    const corner = document.querySelector('.e-toasts');
    new MutationObserver((records) => {
      for (const record of records) for (const node of record.addedNodes) window.toasts.push(plain(node.textContent ?? ''));
    }).observe(corner, { childList: true });
  });
  const read = (name) => page.evaluate((key) => window[key], name);
  return {
    said: () => read('said'),
    toasts: () => read('toasts'),
    neverReloaded: () => read('neverReloaded'),
  };
}

const BOARD = `query ($stage: String!, $statuses: [RegistrationStatus!]) {
  deals(first: 100, filter: { stages: [$stage], statuses: $statuses }) { nodes { id title } }
}`;
const IN_PLAY = ['SUBMITTED', 'IN_REVIEW', 'INFO_REQUESTED', 'APPROVED'];

/** What the columns of a board are by the API: stage name to titles, from the top. */
export async function boardByApi(as, statuses = IN_PLAY) {
  const { program } = await data(as, '{ program { stages { key name } } }');
  const columns = {};
  for (const { key, name } of program.stages) {
    const { deals } = await data(as, BOARD, { stage: key, statuses });
    columns[name] = deals.nodes.map(({ title }) => title);
  }
  return columns;
}

/** What the columns of a board show: stage name to titles. */
export async function boardOnScreen(page, stages) {
  return page.evaluate((names) => {
    const shown = {};
    for (const name of names) {
      const region = [...document.querySelectorAll('main section')].find((one) => one.querySelector('h2')?.textContent === name);
      shown[name] = [...(region?.querySelectorAll('li') ?? [])].map((card) => card.querySelector('a')?.textContent ?? '');
    }
    return shown;
  }, stages);
}

/** Waits until each column shows these titles in their order, whatever else is in it. Answers how long it took. */
export async function expectBoard(page, expected, { only, timeout = 10_000 } = {}) {
  const since = performance.now();
  const narrowed = (columns) =>
    Object.fromEntries(Object.entries(columns).map(([name, titles]) => [name, titles.filter((title) => only.has(title))]));
  await expect.poll(async () => narrowed(await boardOnScreen(page, Object.keys(expected))), { timeout, intervals: [50] }).toEqual(narrowed(expected));
  return performance.now() - since;
}

/** Expects a card at one place of the board and nowhere else, or nowhere. */
export async function expectCard(page, title, stage) {
  if (stage) await expect(boardCard(column(page, stage), title)).toHaveCount(1);
  await expect(boardCard(page, title)).toHaveCount(stage ? 1 : 0);
}
