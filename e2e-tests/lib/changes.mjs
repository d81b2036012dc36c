// The live stream of deals for tests that follow it as programs do.
import { expect } from '@playwright/test';
import { WHO, data } from './server.mjs';

export const CHANGES = `subscription Changes($after: String) {
  dealChanges(after: $after) {
    __typename
    ... on DealChange { cursor kind actorName text deal { id number title version status } }
    ... on ResyncRequired { cursor reason }
  }
}`;

/** A cursor from which everything that is written from now on follows. */
export async function cursorNow(as = WHO.admin) {
  const { recentChanges } = await data(as, '{ recentChanges(first: 1) { nodes { cursor } } }');
  return recentChanges.nodes[0].cursor;
}

/** Expects the changes to be these, in this order, each once. Both are `[id, kind]`; others' changes are left out. */
export function expectExactly(heard, expected) {
  const ids = new Set(expected.map(([id]) => id));
  const concerning = heard.filter((change) => ids.has(change.deal?.id));
  expect(concerning.map((change) => [change.deal.id, change.kind])).toEqual(expected);
  expect(new Set(concerning.map((change) => change.cursor)).size).toBe(expected.length);
}
