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

/** Waits until a screen stands: it has its heading and nothing in it is on the way. */
export async function settled(page) {
  await expect(page.locator('h1').first()).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
}

/** Waits until the page follows changes live. */
export async function live(page) {
  await expect(page.getByTestId('live-state')).toHaveText('Live');
}

/** Everything that a page's server told it, as one text: bodies of answers and messages of sockets. */
export function recordTraffic(page) {
  const heard = [];
  page.on('response', async (response) => {
    if (!response.url().includes('/graphql')) return;
    heard.push(await response.text().catch(() => ''));
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  return () => heard.join('\n');
}
