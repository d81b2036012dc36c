// Bad input over HTTP: each piece is answered with the field and the rule, or "not found", and writes nothing.
import { expect, test } from '@playwright/test';
import { finishedImport } from '../lib/imports.mjs';
import { BASE_URL, WHO, data, dayFromNow, send, tokenOf, upload } from '../lib/server.mjs';
import { REGISTER, changeDocument, dealsFingerprint, registerDeal, registration, tryChange } from '../lib/deals.mjs';

/** Runs something that must leave every deal as it was. */
async function writingNothing(attempt) {
  const before = await dealsFingerprint();
  await attempt();
  expect(await dealsFingerprint()).toBe(before);
}

const REFUSED = [
  ['a value of zero', { value: { amount: '0', currency: 'EUR' } }, 'VALUE_NOT_POSITIVE', ['input', 'value', 'amount'], /above zero/],
  ['a negative value', { value: { amount: '-5.00', currency: 'EUR' } }, 'VALUE_NOT_POSITIVE', ['input', 'value', 'amount'], /above zero/],
  ['a value with too many decimals', { value: { amount: '5000.001', currency: 'EUR' } }, 'VALUE_TOO_PRECISE', ['input', 'value', 'amount'], /decimal/i],
  ['a value with decimals in yen', { value: { amount: '500000.5', currency: 'JPY' } }, 'VALUE_TOO_PRECISE', ['input', 'value', 'amount'], /decimal/i],
  ['a value below the minimum', { value: { amount: '1.00', currency: 'EUR' } }, 'VALUE_BELOW_MINIMUM', ['input', 'value', 'amount'], /1[,.]?000|at least|minimum/i],
  ['a currency that the program does not take', { value: { amount: '5000', currency: 'XAU' } }, 'CURRENCY_NOT_ACCEPTED', ['input', 'value', 'currency'], /currenc/i],
  ['a country that does not exist', { customerCountry: 'QQ' }, 'CUSTOMER_COUNTRY_UNKNOWN', ['input', 'customerCountry'], /country/i],
  ['a close date in the past', { expectedCloseOn: dayFromNow(-3) }, 'CLOSE_DATE_IN_PAST', ['input', 'expectedCloseOn'], /past|today|later/i],
  ['no title', { title: '   ' }, 'REQUIRED', ['input', 'title'], /title|empty|required/i],
  ['a title without end', { title: 'x'.repeat(5000) }, 'TOO_LONG', ['input', 'title'], /\d/],
];

for (const [name, changes, code, path, rule] of REFUSED) {
  test(`${name} is refused`, async () => {
    const input = await registration(changes);
    await writingNothing(async () => {
      const { dealRegister } = await data(WHO.auroraSales, REGISTER, { input });
      expect(dealRegister.deal).toBeNull();
      expect(dealRegister.errors).toHaveLength(1);
      const [error] = dealRegister.errors;
      expect(error).toMatchObject({ __typename: 'DealRegisterError', code, path });
      expect(error.message).toMatch(rule);
    });
  });
}

test("a product that is not the program's is refused", async () => {
  const input = await registration({ productIds: ['prod_01J00000000000000000000000'] });
  await writingNothing(async () => {
    const { dealRegister } = await data(WHO.auroraSales, REGISTER, { input });
    const [error] = dealRegister.errors;
    expect(error.code).toBe('PRODUCT_UNKNOWN');
    expect(error.path.slice(0, 2)).toEqual(['input', 'productIds']);
    expect(error.message).toMatch(/product/i);
  });
});

test('several mistakes are all told at once', async () => {
  const input = await registration({ value: { amount: '0', currency: 'EUR' }, customerCountry: 'QQ', expectedCloseOn: dayFromNow(-1) });
  const { dealRegister } = await data(WHO.auroraSales, REGISTER, { input });
  const codes = dealRegister.errors.map((error) => error.code).sort();
  expect(codes).toEqual(['CLOSE_DATE_IN_PAST', 'CUSTOMER_COUNTRY_UNKNOWN', 'VALUE_NOT_POSITIVE']);
});

test('a partner cannot register for another partner', async () => {
  const { partner } = await data(WHO.admin, '{ partner(slug: "borealis-consulting") { id } }');
  const input = await registration({ partnerId: partner.id });
  await writingNothing(async () => {
    const { dealRegister } = await data(WHO.auroraSales, REGISTER, { input });
    expect(['NOT_ALLOWED', 'PARTNER_NOT_FOUND']).toContain(dealRegister.errors[0].code);
    expect(dealRegister.errors[0].path).toEqual(['input', 'partnerId']);
  });
});

test('an idempotency key answers the first result again and refuses other input', async () => {
  const input = await registration({ idempotencyKey: `e2e-${Date.now()}` });
  const first = (await data(WHO.auroraSales, REGISTER, { input })).dealRegister;
  await writingNothing(async () => {
    const again = (await data(WHO.auroraSales, REGISTER, { input })).dealRegister;
    expect(again.deal.id).toBe(first.deal.id);
    const other = (await data(WHO.auroraSales, REGISTER, { input: { ...input, title: 'Something else' } })).dealRegister;
    expect(other.errors[0]).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] });
  });
});

test('a stale version is refused', async () => {
  const deal = await registerDeal();
  await writingNothing(async () => {
    const { deal: none, errors } = await tryChange(WHO.manager, 'dealApprove', { id: deal.id, expectedVersion: deal.version + 7 });
    expect(none).toBeNull();
    expect(errors[0]).toMatchObject({ code: 'STALE_VERSION', path: ['expectedVersion'] });
    expect(errors[0].message).toMatch(/changed|again/i);
  });
});

test("another partner's deal answers as if it did not exist", async () => {
  const deal = await registerDeal();
  const unknown = 'deal_01J00000000000000000000000';
  await writingNothing(async () => {
    for (const [mutation, own] of [['dealWithdraw', {}], ['dealMoveStage', { stage: 'engaging' }], ['dealApprove', {}]]) {
      const foreign = await tryChange(WHO.borealisSales, mutation, { id: deal.id, expectedVersion: deal.version, ...own });
      const missing = await tryChange(WHO.borealisSales, mutation, { id: unknown, expectedVersion: deal.version, ...own });
      expect(foreign.deal).toBeNull();
      expect(foreign.errors[0]).toMatchObject({ code: 'NOT_FOUND', path: ['id'] });
      expect(foreign.errors).toEqual(missing.errors);
    }
    const query = 'query ($id: ID!) { deal(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }';
    expect(await data(WHO.borealisSales, query, { id: deal.id })).toEqual({ deal: null, node: null, nodes: [null] });
  });
});

test('a cursor from another list is refused', async () => {
  const list = (after) => `{ deals(first: 2, filter: { statuses: [APPROVED] }${after}) { pageInfo { endCursor } } }`;
  const { deals } = await data(WHO.admin, list(''));
  const cursor = JSON.stringify(deals.pageInfo.endCursor);
  await data(WHO.admin, list(`, after: ${cursor}`));
  const elsewhere = [
    `{ deals(first: 2, filter: { statuses: [REJECTED] }, after: ${cursor}) { totalCount } }`,
    `{ users(first: 2, after: ${cursor}) { totalCount } }`,
    `{ partners(first: 2, after: ${cursor}) { totalCount } }`,
    '{ deals(first: 2, after: "nonsense") { totalCount } }',
  ];
  for (const query of elsewhere) {
    const { body } = await send({ query, token: await tokenOf(WHO.admin) });
    expect(body.errors, query).toHaveLength(1);
    expect(body.errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(body.errors[0].message).toMatch(/after|cursor/i);
  }
});

test('first: 1000 and first: 0 are refused', async () => {
  for (const first of [1000, 0, -1]) {
    const { body } = await send({ query: `{ deals(first: ${first}) { nodes { id } } }`, token: await tokenOf(WHO.admin) });
    expect(body.errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(body.errors[0].message).toMatch(/first/);
    expect(body.errors[0].message).toMatch(/100/);
  }
});

test('a body of 10 MB is refused with what is allowed', async () => {
  const deal = await registerDeal();
  await writingNothing(async () => {
    const query = changeDocument('dealWithdraw');
    const variables = { id: deal.id, expectedVersion: deal.version, reason: 'x'.repeat(10 * 1024 * 1024) };
    const { status, body } = await send({ query, variables, token: await tokenOf(WHO.auroraSales) });
    expect(status).toBe(413);
    expect(body.errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(body.errors[0].message).toMatch(/at most .*(kB|bytes)/);
  });
});

test('what is not GraphQL is refused with its place', async () => {
  const { status, body } = await send({ query: '{ deals(first: 1) { nodes { id price } } }', token: await tokenOf(WHO.admin) });
  expect([200, 400]).toContain(status);
  expect(body.errors[0].message).toMatch(/price/);
  expect(JSON.stringify(body)).not.toMatch(/mongodb|panicked|\.rs:/i);
});

const PARTNER_UPDATE = `mutation ($id: ID!, $expectedVersion: Int!, $input: PartnerUpdateInput!) {
  partnerUpdate(id: $id, expectedVersion: $expectedVersion, input: $input) {
    partner { id version }
    errors { __typename message path ... on PartnerError { code } }
  }
}`;
const base64 = (text) => Buffer.from(text).toString('base64');
const LOGOS = [
  ['a script', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script><path d="M0 0h9v9z"/></svg>'],
  ['an event handler', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)"><path d="M0 0h9v9z"/></svg>'],
  ['a foreign picture', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="https://example.com/x.png"/></svg>'],
  ['embedded HTML', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject></svg>'],
];

for (const [name, svg] of LOGOS) {
  test(`an SVG logo with ${name} is refused`, async () => {
    const read = '{ partner(slug: "aurora-systems") { id version logoUrl } }';
    const { partner: before } = await data(WHO.auroraAdmin, read);
    const variables = { id: before.id, expectedVersion: before.version, input: { logo: base64(svg) } };
    const { partnerUpdate } = await data(WHO.auroraAdmin, PARTNER_UPDATE, variables);
    expect(partnerUpdate.partner).toBeNull();
    expect(partnerUpdate.errors[0]).toMatchObject({ code: 'LOGO_UNSAFE', path: ['input', 'logo'] });
    const { partner: after } = await data(WHO.auroraAdmin, read);
    expect(after).toEqual(before);
  });
}

const CRM_IMPORT = `mutation ($input: CrmImportInput!) {
  crmImport(input: $input) {
    run { id status }
    errors { __typename message path ... on ImportError { code } }
  }
}`;
test('a CSV without its columns is refused', async () => {
  await writingNothing(async () => {
    const { body } = await upload(WHO.admin, 'sales_pipeline.csv', 'name,colour\nAcme,red\n');
    const { crmImport } = await data(WHO.admin, CRM_IMPORT, { input: { salesPipeline: body.id } });
    expect(crmImport.run).toBeNull();
    expect(crmImport.errors[0].code).toBe('COLUMN_MISSING');
    expect(crmImport.errors[0].path).toEqual(['input', 'salesPipeline']);
  });
});

test('a CSV that is a picture is refused at the door', async () => {
  await writingNothing(async () => {
    const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0xff, 0xfe, 0x81]);
    const { status, body } = await upload(WHO.admin, 'sales_pipeline.csv', picture);
    expect(status).toBe(415);
    expect(body.id).toBeUndefined();
  });
});

test('a CSV that breaks off is told by file, line and reason', async () => {
  const columns = 'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value';
  await writingNothing(async () => {
    const { body } = await upload(WHO.admin, 'sales_pipeline.csv', `${columns}\nE2E00001,"never ends`);
    const { crmImport } = await data(WHO.admin, CRM_IMPORT, { input: { salesPipeline: body.id } });
    expect(crmImport.errors).toEqual([]);
    const run = await finishedImport(WHO.admin, crmImport.run.id);
    expect(run).toMatchObject({ created: 0 });
    expect(run.issues.nodes[0]).toMatchObject({ severity: 'ERROR', file: expect.stringContaining('sales_pipeline'), line: 2 });
    expect(run.issues.nodes[0].reason).toBeTruthy();
  });
});

test('only those who import may upload', async () => {
  expect((await upload(WHO.auroraSales, 'x.csv', 'a,b\n')).status).toBe(403);
  const nobody = await fetch(`${BASE_URL}/uploads?name=x.csv`, { method: 'POST', body: 'a,b\n' });
  expect(nobody.status).toBe(401);
});
