// What programs rely on, without any client library: GraphQL over HTTP to the letter of its audit, and
// `graphql-transport-ws` message by message, every close code included.
import { expect, test } from '@playwright/test';
import { serverAudits } from 'graphql-http';
import { BASE_URL, WHO, data, newToken, send, tokenOf } from '../lib/server.mjs';
import { changeDeal, registerDeal, REGISTER, registration } from '../lib/deals.mjs';
import { CHANGES, cursorNow } from '../lib/changes.mjs';
import { isReady, startOwnServer, until } from '../lib/own.mjs';
import { Wire, codeForProtocols, metric } from '../lib/wire.mjs';

test.describe('over HTTP', () => {
  test('GraphQL over HTTP passes the whole audit', async () => {
    const failed = [];
    const audits = serverAudits({ url: `${BASE_URL}/graphql` });
    for (const audit of audits) {
      const result = await audit.fn();
      if (result.status !== 'ok') failed.push(`${result.status} ${audit.id} ${audit.name}: ${result.reason}`);
    }
    expect(audits).toHaveLength(61);
    expect(failed).toEqual([]);
  });

  test('a GET does not write', async () => {
    const query = 'mutation { sessionRevoke { errors { message } } }';
    const response = await fetch(`${BASE_URL}/graphql?query=${encodeURIComponent(query)}`);
    expect(response.status).toBe(405);
  });

  test('a token that does not hold is said to be so', async () => {
    const { body } = await send({ query: '{ deals(first: 1) { totalCount } }', token: 'ent_nonsense' });
    expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect(body.errors[0].extensions.requestId).toBeTruthy();
  });
});

test.describe('close codes', () => {
  const malformed = {
    'no JSON': 'hello',
    'JSON that is no object': '[]',
    'no type': '{"id":"1"}',
    'a type that is none': '{"type":"start","id":"1"}',
    'a type of the other protocol': '{"type":"connection_terminate"}',
    'a type only the server may send': '{"type":"next","id":"1","payload":{}}',
    'a subscribe without id': '{"type":"subscribe","payload":{"query":"{ __typename }"}}',
    'a subscribe with an empty id': '{"type":"subscribe","id":"","payload":{"query":"{ __typename }"}}',
    'a subscribe whose id is a number': '{"type":"subscribe","id":1,"payload":{"query":"{ __typename }"}}',
    'a subscribe without payload': '{"type":"subscribe","id":"1"}',
    'a subscribe without query': '{"type":"subscribe","id":"1","payload":{}}',
    'variables that are no object': '{"type":"subscribe","id":"1","payload":{"query":"{ __typename }","variables":"x"}}',
    'a complete without id': '{"type":"complete"}',
    'a payload that is no object': '{"type":"ping","payload":"x"}',
  };
  for (const [name, message] of Object.entries(malformed)) {
    test(`4400 for ${name}`, async () => {
      const wire = await Wire.open({ who: WHO.manager });
      wire.send(message);
      expect(await wire.code()).toBe(4400);
    });
  }

  test('4400 for a binary frame', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.send(Buffer.from('{"type":"ping"}'));
    expect(await wire.code()).toBe(4400);
  });

  test('4400 before the introduction too', async () => {
    const wire = await Wire.open();
    wire.send('{');
    expect(await wire.code()).toBe(4400);
  });

  test('4401 for an operation before the introduction', async () => {
    const wire = await Wire.open();
    wire.subscribe('1', '{ __typename }');
    expect(await wire.code()).toBe(4401);
  });

  test('4403 for a token that does not hold', async () => {
    for (const token of ['nonsense', 'ent_nonsense', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSJ9.']) {
      const wire = await Wire.open();
      wire.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
      expect(await wire.code()).toBe(4403);
    }
  });

  test('4406 for other protocols or none', async () => {
    expect(await codeForProtocols(undefined)).toEqual({ code: 4406, chosen: undefined });
    expect(await codeForProtocols('graphql-ws')).toEqual({ code: 4406, chosen: undefined });
    const wire = await Wire.open({ protocols: [] });
    expect(await wire.code()).toBe(4406);
  });

  test('the protocol is found among others that are offered', async () => {
    const wire = await Wire.open({ protocols: ['graphql-ws', 'graphql-transport-ws'] });
    expect(wire.socket.protocol).toBe('graphql-transport-ws');
    await wire.introduce();
    await wire.close();
  });

  test('4409 for an id that is in use', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.subscribe('twice', CHANGES);
    wire.subscribe('twice', CHANGES);
    const { code, reason } = await wire.closed;
    expect(code).toBe(4409);
    expect(reason).toContain('twice');
  });

  test('4429 for a second introduction', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.send({ type: 'connection_init' });
    expect(await wire.code()).toBe(4429);
  });

  test('4429 for a second introduction before the first is answered', async () => {
    const wire = await Wire.open();
    const init = { type: 'connection_init', payload: { authorization: `Bearer ${await tokenOf(WHO.manager)}` } };
    wire.send(init);
    wire.send(init);
    expect(await wire.code()).toBe(4429);
  });

  test('1009 for a message of more than 256 kB', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.subscribe('1', `{ __typename } #${'x'.repeat(300_000)}`);
    expect(await wire.code()).toBe(1009);
  });

  test('1009 for a message that grows too long piece by piece', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    // The last piece is the one too many: what is sent after a close would have it arrive as a broken connection.
    for (let piece = 0; piece < 27; piece += 1) wire.send('x'.repeat(10_000), { fin: false });
    expect(await wire.code()).toBe(1009);
  });

  test('a client that reads nothing is let go within ten seconds', async () => {
    const server = await startOwnServer();
    try {
      const wire = await Wire.open({ url: server.url, who: WHO.manager });
      expect(await metric('entente_sockets_open', server.url)).toBe(1);
      // Two directions of kernel buffers hold some megabytes; this has nowhere to go.
      const payload = { long: 'x'.repeat(200_000) };
      wire.socket.pause();
      for (let round = 0; round < 200; round += 1) wire.send({ type: 'ping', payload });
      const since = Date.now();
      await until('the server lets the socket go', async () => (await metric('entente_sockets_open', server.url)) === 0, 30_000);
      const closed = Date.now() - since;
      test.info().annotations.push({ type: 'measured', description: `a socket that does not read is let go after ${closed} ms` });
      wire.socket.resume();
      // 1013 where the words still reach the client; a connection that breaks in the middle of a frame says nothing.
      expect([1013, 1006]).toContain(await wire.code());
      expect(closed).toBeLessThan(15_000);
    } finally {
      await server.stop();
    }
  });

  test('1012 when the server is stopped, which is out within ten seconds', async () => {
    const server = await startOwnServer();
    const wires = [];
    for (let n = 0; n < 5; n += 1) wires.push(await Wire.open({ url: server.url, who: WHO.manager }));
    for (const wire of wires) wire.subscribe('1', CHANGES);
    const silent = await Wire.open({ url: server.url });
    for (const wire of wires) await wire.settle();
    const since = Date.now();
    const stopped = server.stop('SIGTERM');
    for (const wire of [...wires, silent]) expect(await wire.code()).toBe(1012);
    expect(await stopped).toBe(0);
    expect(Date.now() - since).toBeLessThan(10_000);
    expect(await isReady(server.url)).toBe(false);
  });
});

test('4408 for a client that does not introduce itself in time, and not before', async () => {
  const limit = 1_500;
  const server = await startOwnServer({ ENTENTE_SOCKET_INIT_MS: `${limit}` });
  try {
    // From before the connection: how late this process hears of it is not the server's.
    const since = performance.now();
    const late = await Wire.open({ url: server.url });
    expect(await late.code()).toBe(4408);
    const waited = performance.now() - since;
    expect(waited).toBeGreaterThan(limit - 50);
    expect(waited).toBeLessThan(limit + 5_000);
    // Pings are no introduction.
    const pinging = await Wire.open({ url: server.url });
    const timer = setInterval(() => pinging.send({ type: 'ping' }), 200);
    expect(await pinging.code()).toBe(4408);
    clearInterval(timer);
    // In time: the limit is about the introduction only.
    const punctual = await Wire.open({ url: server.url, who: WHO.manager });
    await new Promise((later) => setTimeout(later, limit + 500));
    await punctual.settle();
    await punctual.close();
  } finally {
    await server.stop();
  }
});

test.describe('messages', () => {
  test('a ping is answered by a pong with its payload, before the introduction too', async () => {
    const wire = await Wire.open();
    wire.send({ type: 'ping' });
    expect(await wire.next()).toEqual({ type: 'pong' });
    wire.send({ type: 'ping', payload: { at: 7, nested: ['ü'] } });
    expect(await wire.next()).toEqual({ type: 'pong', payload: { at: 7, nested: ['ü'] } });
    wire.send({ type: 'pong', payload: { nobody: 'asked' } });
    await wire.introduce();
    await wire.settle();
    expect(wire.heard).toEqual([]);
    await wire.close();
  });

  test('who does not introduce itself with a token is served what is public and refused the rest', async () => {
    const wire = await Wire.open();
    await wire.introduce();
    wire.subscribe('public', '{ __typename }');
    expect((await wire.nextOf('public', 'next')).payload.data).toEqual({ __typename: 'Query' });
    wire.subscribe('closed', CHANGES);
    const { payload } = await wire.nextOf('closed', 'error');
    expect(payload[0].extensions.code).toBe('UNAUTHENTICATED');
    await wire.close();
  });

  test('a query ends with complete', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.subscribe('q', 'query Me { viewer { user { email } } }');
    expect((await wire.nextOf('q')).payload).toEqual({ data: { viewer: { user: { email: WHO.manager } } } });
    expect(await wire.nextOf('q')).toEqual({ id: 'q', type: 'complete' });
    await wire.close();
  });

  test('a mutation writes once and ends with complete', async () => {
    const wire = await Wire.open({ who: WHO.auroraSales });
    const input = await registration();
    wire.subscribe('m', REGISTER, { input });
    const { payload } = await wire.nextOf('m', 'next');
    expect(payload.errors).toBeUndefined();
    expect(payload.data.dealRegister.deal.title).toBe(input.title);
    expect(await wire.nextOf('m')).toEqual({ id: 'm', type: 'complete' });
    const { deals } = await data(WHO.auroraSales, '{ deals(first: 20, orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { title } } }');
    expect(deals.nodes.filter((deal) => deal.title === input.title)).toHaveLength(1);
    await wire.close();
  });

  test('of several operations the one that is named runs', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.subscribe('n', 'query A { a: __typename } query B { b: __typename }', undefined, { operationName: 'B' });
    expect((await wire.nextOf('n', 'next')).payload.data).toEqual({ b: 'Query' });
    await wire.close();
  });

  const refused = {
    'what cannot be parsed': { query: '{ deals(' },
    'what does not hold against the schema': { query: '{ nothingOfThatName }' },
    'a variable of the wrong type': { query: 'query ($n: Int) { deals(first: $n) { totalCount } }', variables: { n: 'many' } },
    'a variable that is missing': { query: 'query ($id: ID!) { deal(id: $id) { id } }' },
    'an operation name that is none of it': { query: 'query A { __typename }', operationName: 'B' },
    'several operations and no name': { query: 'query A { __typename } query B { __typename }' },
    'an empty document': { query: '' },
    'too deep a document': { query: `{ deals { nodes ${'{ partner { deals { nodes '.repeat(8)} { id } ${'} } }'.repeat(8)} } }` },
    'too many aliases': { query: `{ ${Array.from({ length: 40 }, (_, n) => `a${n}: __typename`).join(' ')} }` },
    'a subscription of nothing that is there': { query: 'subscription { nothingOfThatName }' },
    'a subscription from a cursor that is none': { query: CHANGES, variables: { after: 'nonsense' } },
  };
  for (const [name, payload] of Object.entries(refused)) {
    test(`${name} is an error and never a next`, async () => {
      const wire = await Wire.open({ who: WHO.manager });
      wire.send({ id: 'e', type: 'subscribe', payload });
      const message = await wire.nextOf('e');
      expect(message.type).toBe('error');
      expect(message.payload[0].message).toBeTruthy();
      expect(message.payload[0].extensions.code).toBeTruthy();
      // The error was the end: no complete follows, and the name is free again.
      wire.subscribe('e', '{ __typename }');
      expect((await wire.nextOf('e')).type).toBe('next');
      expect((await wire.nextOf('e')).type).toBe('complete');
      await wire.settle();
      expect(wire.heard).toEqual([]);
      await wire.close();
    });
  }

  test('a complete of the client is not echoed, and nothing comes after it', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.subscribe('s', CHANGES, { after: await cursorNow() });
    const first = await registerDeal();
    expect((await wire.next((message) => message.payload?.data.dealChanges.deal.id === first.id)).id).toBe('s');
    wire.send({ id: 's', type: 'complete' });
    await wire.settle();
    wire.heard.length = 0;
    wire.subscribe('other', CHANGES, { after: await cursorNow() });
    const second = await registerDeal();
    await wire.next((message) => message.id === 'other' && message.payload.data.dealChanges.deal.id === second.id);
    expect(wire.heard.filter((message) => message.id === 's')).toEqual([]);
    await wire.close();
  });

  test('a complete for what is not open is no mistake: it may have ended on the way', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.send({ id: 'never', type: 'complete' });
    await wire.settle();
    expect(wire.heard).toEqual([]);
    await wire.close();
  });

  test('an id can be used again after its end, at once', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    const after = await cursorNow();
    for (let round = 0; round < 20; round += 1) {
      wire.subscribe('again', CHANGES, { after });
      wire.send({ id: 'again', type: 'complete' });
    }
    wire.subscribe('again', CHANGES, { after });
    const deal = await registerDeal();
    await wire.next((message) => message.payload?.data.dealChanges.deal.id === deal.id);
    await wire.settle();
    // Once: none of the twenty that were ended is still telling.
    expect(wire.heard.filter((message) => message.payload?.data?.dealChanges.deal.id === deal.id)).toEqual([]);
    await wire.close();
  });

  test('many operations at once, each answered under its own id', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    for (let n = 0; n < 50; n += 1) wire.subscribe(`id ${n} "ü"`, `{ a${n}: __typename }`);
    for (let n = 0; n < 50; n += 1) {
      expect((await wire.nextOf(`id ${n} "ü"`, 'next')).payload.data).toEqual({ [`a${n}`]: 'Query' });
      await wire.nextOf(`id ${n} "ü"`, 'complete');
    }
    await wire.close();
  });

  test('changes come in order and once, and a cursor goes on after the one it names', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    const after = await cursorNow();
    wire.subscribe('s', CHANGES, { after });
    const deal = await registerDeal();
    const asked = await changeDeal(WHO.manager, 'dealRequestInfo', deal, { question: 'Who signs?' });
    await changeDeal(WHO.auroraSales, 'dealProvideInfo', asked, { answer: 'Their head of IT.' });
    const heard = [];
    while (heard.length < 3) {
      const { payload } = await wire.nextOf('s', 'next');
      if (payload.data.dealChanges.deal.id === deal.id) heard.push(payload.data.dealChanges);
    }
    expect(heard.map((change) => change.kind)).toEqual(['DEAL_REGISTERED', 'DEAL_INFO_REQUESTED', 'DEAL_INFO_PROVIDED']);
    wire.subscribe('later', CHANGES, { after: heard[1].cursor });
    const { payload } = await wire.nextOf('later', 'next');
    expect(payload.data.dealChanges).toEqual(heard[2]);
    await wire.close();
  });
});

test.describe('a new token by ping', () => {
  const renew = (wire, token) => wire.send({ type: 'ping', payload: { authorization: `Bearer ${token}` } });

  test('is taken while streams go on', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.subscribe('s', CHANGES, { after: await cursorNow() });
    const first = await registerDeal();
    renew(wire, await newToken(WHO.manager));
    expect(await wire.next(({ type }) => type === 'pong')).toEqual({ type: 'pong', payload: { authorization: 'renewed' } });
    const second = await registerDeal();
    for (const { id } of [first, second]) await wire.next((message) => message.payload?.data?.dealChanges.deal.id === id);
    expect(wire.heard.filter((message) => message.id === 's' && message.type !== 'next')).toEqual([]);
    await wire.close();
  });

  test('4403 for a token of somebody else, and for one that does not hold', async () => {
    for (const token of [await newToken(WHO.auroraSales), 'nonsense']) {
      const wire = await Wire.open({ who: WHO.manager });
      wire.subscribe('s', CHANGES);
      renew(wire, token);
      expect(await wire.code()).toBe(4403);
    }
  });

  test('is no introduction', async () => {
    const wire = await Wire.open();
    renew(wire, await newToken(WHO.manager));
    expect(await wire.code()).toBe(4401);
  });
});

test.describe('frames', () => {
  test('a message in fragments is one message, with a ping of the wire in between', async () => {
    const wire = await Wire.open();
    const text = JSON.stringify({ type: 'ping', payload: { long: 'ü'.repeat(5_000) } });
    const bytes = Buffer.from(text);
    // Cut inside of a letter: fragments are bytes.
    wire.send(bytes.subarray(0, 41), { fin: false, binary: false });
    wire.socket.ping('between');
    const ponged = new Promise((resolve) => wire.socket.once('pong', (payload) => resolve(payload.toString())));
    wire.send(bytes.subarray(41, 6_000), { fin: false, binary: false });
    wire.send(bytes.subarray(6_000), { fin: true, binary: false });
    expect((await wire.next()).payload.long).toHaveLength(5_000);
    expect(await ponged).toBe('between');
    await wire.close();
  });

  test('a message of nearly 256 kB is taken', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    wire.send({ type: 'ping', payload: { long: 'x'.repeat(250_000) } });
    expect((await wire.next(({ type }) => type === 'pong')).payload.long).toHaveLength(250_000);
    await wire.close();
  });

  test('a close of the client is answered with its code', async () => {
    const wire = await Wire.open({ who: WHO.manager });
    expect((await wire.close()).code).toBe(1000);
  });
});
