// Before all tests: both servers answer, and the accounts that the tests look through see English in the colours that
// the browser asks for (some of the demo's people prefer German).
import { BASE_URL, SECOND_URL, WHO, data } from './server.mjs';

const SETTLE = 'mutation { viewerUpdate(input: { language: "en", theme: SYSTEM }) { errors { message } } }';

export default async function setup() {
  for (const url of new Set([BASE_URL, SECOND_URL])) {
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    if (!ready?.ok) throw new Error(`no server is ready at ${url}: set E2E_BASE_URL and E2E_SECOND_URL, or run cargo xtask test e2e`);
  }
  for (const email of Object.values(WHO)) await data(email, SETTLE);
}
