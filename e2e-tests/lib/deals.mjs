// Deals through the API: what a test needs to be there before it looks at a screen.
import { expect } from '@playwright/test';
import { WHO, data, dayFromNow, unique } from './server.mjs';

const CARD = 'id number title version status stage { key name } viewerCan';

let products;

/** The program's products by key, with their ids. */
export async function productsByKey() {
  if (!products) {
    const { program } = await data(WHO.admin, '{ program { products { id key name } } }');
    products = Object.fromEntries(program.products.map((product) => [product.key, product]));
  }
  return products;
}

/** The input of a good registration for a customer that nobody else has named. */
export async function registration(changes = {}) {
  const name = unique('Lindwurm Werke');
  const { lens } = await productsByKey();
  return {
    title: `Observability for ${name}`,
    customerName: name,
    customerDomain: `${name.toLowerCase().replaceAll(' ', '-')}.example`,
    customerCountry: 'DE',
    productIds: [lens.id],
    value: { amount: '48500.00', currency: 'EUR' },
    expectedCloseOn: dayFromNow(45),
    ...changes,
  };
}

export const REGISTER = `mutation ($input: DealRegisterInput!) {
  dealRegister(input: $input) {
    deal { ${CARD} }
    verdict { outcome rules { code message passed } }
    errors { __typename message path ... on DealRegisterError { code } }
  }
}`;

/** Registers a deal, Aurora's unless said otherwise, and answers it with its input. */
export async function registerDeal(changes = {}, as = WHO.auroraSales) {
  const input = await registration(changes);
  const { dealRegister } = await data(as, REGISTER, { input });
  expect(dealRegister.errors).toEqual([]);
  return { ...dealRegister.deal, input };
}

const ARGUMENTS = {
  dealApprove: { note: 'String' },
  dealReject: { reason: 'String!' },
  dealRequestInfo: { question: 'String!' },
  dealProvideInfo: { answer: 'String!' },
  dealWithdraw: { reason: 'String' },
  dealMoveStage: { stage: 'String!', note: 'String' },
  dealUpdate: { input: 'DealUpdateInput!' },
};

/** The text of one of the mutations that change a deal. */
export function changeDocument(mutation) {
  const own = Object.entries(ARGUMENTS[mutation]);
  const declared = own.map(([name, type]) => `, $${name}: ${type}`).join('');
  const passed = own.map(([name]) => `, ${name}: $${name}`).join('');
  return `mutation ($id: ID!, $expectedVersion: Int!${declared}) {
    ${mutation}(id: $id, expectedVersion: $expectedVersion${passed}) {
      deal { ${CARD} }
      errors { __typename message path ... on DealDecisionError { code } }
    }
  }`;
}

/** Tries a change and answers `{deal, errors}`. */
export async function tryChange(as, mutation, variables) {
  return (await data(as, changeDocument(mutation), variables))[mutation];
}

/** Changes a deal from the version that it has now and answers it. */
export async function changeDeal(as, mutation, deal, own = {}) {
  const { deal: changed, errors } = await tryChange(as, mutation, { id: deal.id, expectedVersion: deal.version, ...own });
  expect(errors).toEqual([]);
  return changed;
}

/** Registers and approves a deal. */
export async function approvedDeal(changes = {}, as = WHO.auroraSales) {
  const deal = await registerDeal(changes, as);
  return { ...deal, ...(await changeDeal(WHO.manager, 'dealApprove', deal)) };
}

/** A deal as an account sees it now, or null. */
export async function readDeal(as, id) {
  const { deal } = await data(
    as,
    `query ($id: ID!) { deal(id: $id) { ${CARD} nextStep decisionReason timeline { nodes { kind text actorName visibility } } } }`,
    { id },
  );
  return deal;
}

/**
 * What changes with every write to deals: how many there are, and which somebody changed last. Not those that the vendor's
 * clock did: on a working day it does something to one of the demo's deals now and then.
 */
export async function dealsFingerprint() {
  const newest = 'orderBy: { field: UPDATED_AT, direction: DESC }';
  const row = 'id version timeline(first: 1) { nodes { actorName } }';
  const { deals } = await data(WHO.admin, `{ deals(first: 12, ${newest}) { totalCount nodes { ${row} } } }`);
  const changed = deals.nodes.filter(({ timeline }) => timeline.nodes[0]?.actorName !== 'Entente');
  return JSON.stringify([deals.totalCount, changed.slice(0, 5).map(({ id, version }) => [id, version])]);
}
