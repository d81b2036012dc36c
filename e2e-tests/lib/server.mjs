// The two servers under test as a program sees them: GraphQL over HTTP, uploads, sessions. No browser here.
import { expect } from '@playwright/test';

export const BASE_URL = (process.env.E2E_BASE_URL || 'http://127.0.0.1:8080').replace(/\/$/, '');
/** A second server on the same database; the first one when there is only one. */
export const SECOND_URL = (process.env.E2E_SECOND_URL || BASE_URL).replace(/\/$/, '');
export const PASSWORD = 'entente-demo-2026';

/** The demo accounts that the tests use. */
export const WHO = {
  admin: 'admin@entente.test',
  manager: 'manager@entente.test',
  marketing: 'marketing@entente.test',
  auroraAdmin: 'admin@aurora-systems.test',
  auroraSales: 'sales@aurora-systems.test',
  auroraMarketing: 'marketing@aurora-systems.test',
  auroraEngineer: 'engineer@aurora-systems.test',
  borealisSales: 'sales@borealis-consulting.test',
  borealisMarketing: 'marketing@borealis-consulting.test',
  /** Nobody else's test signs in with these two: they change their own language and theme. */
  germanReader: 'wiebke.harms@kranich-datentechnik.test',
  darkReader: 'reto.aebischer@firnlicht.test',
};

const SESSION_CREATE = `mutation ($input: SessionCreateInput!) {
  sessionCreate(input: $input) { accessToken expiresAt errors { message } }
}`;

/** Sends one operation and answers the response with its parsed body. */
export async function send({ query, variables, token, url = BASE_URL }) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Sends one operation that has to work and answers its data. `as` is an e-mail or a token that `ent_` begins. */
export async function data(as, query, variables = {}, url = BASE_URL) {
  const { body } = await send({ query, variables, token: as ? await tokenOf(as) : undefined, url });
  expect(body.errors, `top-level errors of ${query.slice(0, 120)}`).toBeUndefined();
  return body.data;
}

const tokens = new Map();

/** An access token of a demo account, kept until shortly before it ends. */
export async function tokenOf(who) {
  if (who.startsWith('ent_')) return who;
  let known = tokens.get(who);
  if (!known || known.until <= Date.now()) {
    // Whoever asks meanwhile waits for this one: ten that sign in at once keep the server from everything else.
    known = { session: signInByApi(who), until: Infinity };
    tokens.set(who, known);
    known.until = Date.parse((await known.session).expiresAt) - 60_000;
  }
  return (await known.session).accessToken;
}

async function signInByApi(who) {
  const { body } = await send({ query: SESSION_CREATE, variables: { input: { email: who, password: PASSWORD } } });
  expect(body.data.sessionCreate.errors, `sign-in of ${who}`).toEqual([]);
  return body.data.sessionCreate;
}

/** A token of a session of its own, as after a renewal. */
export const newToken = async (who) => (await signInByApi(who)).accessToken;

/** Uploads a file for an import and answers the response. */
export async function upload(as, name, content) {
  const response = await fetch(`${BASE_URL}/uploads?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenOf(as)}`, 'content-type': 'application/octet-stream' },
    body: content,
  });
  return { status: response.status, body: await response.json() };
}

let counter = 0;
const run = String(Date.now()).slice(-9);

/**
 * Words that no other test and no earlier run has used, also as part of a domain. What makes them differ is digits: two
 * customers whose names differ in a letter are a possible conflict.
 */
export function unique(words) {
  counter += 1;
  return `${words} ${run}${counter}`;
}

/** A day so many days from now, as `2026-11-21`. */
export function dayFromNow(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
