// What every browser test stands on: one browser context per account for the whole run (a refresh token must not be
// used twice, so cookies are never copied), pages that are closed after the test, and no errors in any console.
import { test as base, expect } from '@playwright/test';
import { BASE_URL, PASSWORD } from './server.mjs';

export { expect };

/** A browser as the tests want it: English, light, in the program's time zone. */
export const BROWSER = {
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  colorScheme: 'light',
  reducedMotion: 'reduce',
  viewport: { width: 1440, height: 900 },
  baseURL: BASE_URL,
};

const SIGN_IN = `mutation ($input: SessionCreateInput!) {
  sessionCreate(input: $input) { viewer { user { name } } errors { message } }
}`;

/** Signs a context in as the app would, by the refresh cookie; every page opened afterwards takes the session up. */
export async function signIn(context, email, url = BASE_URL) {
  const answer = await context.request.post(`${url}/graphql`, {
    data: { query: SIGN_IN, variables: { input: { email, password: PASSWORD } } },
  });
  const { data } = await answer.json();
  expect(data.sessionCreate.errors, `sign-in of ${email}`).toEqual([]);
}

/** Collects what a page complains about. `forgive` takes patterns of what a test provokes on purpose. */
function listen(page, complaints, forgiven) {
  const note = (text) => {
    if (!forgiven.some((pattern) => pattern.test(text))) complaints.push(`${page.url()}: ${text}`);
  };
  page.on('pageerror', (error) => note(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') note(message.text());
  });
}

/** What each page has asked its server and is not answered yet. */
const asked = new WeakMap();

/** Keeps `asked` from now on. Before the page is opened. */
function follow(page) {
  const open = new Set();
  asked.set(page, open);
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) open.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => open.delete(request));
  // What a document asked that has been left is nobody's any more, and its end is not always told.
  page.on('domcontentloaded', () => open.clear());
}

export const test = base.extend({
  /** Contexts by account, made at first use and kept. */
  people: [
    async ({ browser }, use) => {
      const contexts = new Map();
      await use(async (email) => {
        if (!contexts.has(email)) {
          const context = await browser.newContext(BROWSER);
          await signIn(context, email);
          contexts.set(email, context);
        }
        return contexts.get(email);
      });
      for (const context of contexts.values()) await context.close();
    },
    { scope: 'worker' },
  ],

  /** Patterns of console errors that the test provokes on purpose. */
  forgiven: async ({}, use) => use([]),

  /** What pages complained about; the test fails when there is anything. */
  complaints: async ({}, use) => {
    const complaints = [];
    await use(complaints);
    expect(complaints, 'errors in the console').toEqual([]);
  },

  /** Opens a path as somebody; null is nobody. */
  open: async ({ people, browser, complaints, forgiven }, use) => {
    const pages = [];
    const strangers = [];
    const open = async (email, path) => {
      const context = email ? await people(email) : await browser.newContext(BROWSER);
      if (!email) strangers.push(context);
      const page = await context.newPage();
      pages.push(page);
      listen(page, complaints, forgiven);
      follow(page);
      await page.goto(path);
      await settled(page);
      return page;
    };
    /** A context of its own, for tests about sessions and connections; `prepare` has the page before it is loaded. */
    open.alone = async (email, path, { url = BASE_URL, prepare, ...options } = {}) => {
      const context = await browser.newContext({ ...BROWSER, baseURL: url, ...options });
      strangers.push(context);
      if (email) await signIn(context, email, url);
      const page = await context.newPage();
      listen(page, complaints, forgiven);
      follow(page);
      await prepare?.(page);
      await page.goto(path);
      await settled(page);
      return page;
    };
    await use(open);
    for (const page of pages) await page.close();
    for (const context of strangers) await context.close();
  },
});

/**
 * Waits until a screen stands: it has its heading and nothing in it is on the way. Also nothing beside it: the live streams
 * ask where they begin, and what changes before they know is not told.
 */
export async function settled(page) {
  await expect(page.locator('h1').first()).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
  await expect.poll(() => asked.get(page)?.size ?? 0, { message: 'questions without an answer', intervals: [50] }).toBe(0);
}

/** Waits until the page follows changes live. */
export async function live(page, { timeout } = {}) {
  await expect(page.getByTestId('live-state')).toHaveText('Live', { timeout });
}

/**
 * Everything that a page's server tells it from now on, as one text: bodies of answers, and messages of the sockets that it
 * opens from now on.
 */
export function recordTraffic(page) {
  const heard = [];
  // The end of an answer that a reload cuts off is not always told.
  const cutOff = () => new Promise((late) => setTimeout(() => late(''), 10_000));
  page.on('response', (response) => {
    if (response.url().includes('/graphql')) heard.push(Promise.race([response.text().catch(() => ''), cutOff()]));
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  return async () => (await Promise.all(heard)).join('\n');
}
