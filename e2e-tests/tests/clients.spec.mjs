// The npm clients as they come: `graphql-ws`, and Apollo with its WebSocket link beside its HTTP link. What they do by
// themselves (retry, lazy, keep-alive) works here, and a cursor makes a stream whole again after a break.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { expect, test } from '@playwright/test';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { CHANGES, cursorNow, expectExactly } from '../lib/changes.mjs';
import { changeDeal, registerDeal, registration, REGISTER } from '../lib/deals.mjs';
import { startOwnServer, until } from '../lib/own.mjs';
import { BASE_URL, SECOND_URL, WHO, tokenOf } from '../lib/server.mjs';
import { metric, socketUrl } from '../lib/wire.mjs';

// Apollo expects the browser's global; older Nodes have none.
globalThis.WebSocket ??= WebSocket;

/** A client of the library's own making, with nothing but an address and a token. */
function clientOf(who, options = {}) {
  return createClient({
    url: socketUrl(),
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ authorization: `Bearer ${await tokenOf(who)}` }),
    ...options,
  });
}

/** Follows changes and collects them; the variables are the client's to send again, so the newest cursor is put there. */
function collect(client, variables) {
  const heard = [];
  const stream = { heard, failed: undefined };
  stream.stop = client.subscribe(
    { query: CHANGES, variables },
    {
      next: ({ data, errors }) => {
        if (errors) stream.failed = errors;
        const change = data?.dealChanges;
        if (!change) return;
        variables.after = change.cursor;
        heard.push(change);
      },
      error: (error) => (stream.failed = error),
      complete: () => (stream.ended = true),
    },
  );
  return stream;
}

const hears = (stream, deal, kind) =>
  until(`hearing of ${kind}`, () => {
    if (stream.failed) throw new Error(`the stream failed: ${JSON.stringify(stream.failed) ?? stream.failed}`);
    return stream.heard.some((change) => change.deal?.id === deal.id && change.kind === kind);
  });

test.describe('graphql-ws', () => {
  test('hears changes in order and once', async () => {
    const client = clientOf(WHO.manager);
    const stream = collect(client, { after: await cursorNow() });
    const deal = await registerDeal();
    const asked = await changeDeal(WHO.manager, 'dealRequestInfo', deal, { question: 'Who signs?' });
    await changeDeal(WHO.auroraSales, 'dealProvideInfo', asked, { answer: 'Their head of IT.' });
    await hears(stream, deal, 'DEAL_INFO_PROVIDED');
    expectExactly(stream.heard, [
      [deal.id, 'DEAL_REGISTERED'],
      [deal.id, 'DEAL_INFO_REQUESTED'],
      [deal.id, 'DEAL_INFO_PROVIDED'],
    ]);
    await client.dispose();
  });

  test('goes on from a cursor without loss', async () => {
    const after = await cursorNow();
    const deal = await registerDeal();
    await changeDeal(WHO.auroraSales, 'dealWithdraw', deal, { reason: 'The customer stopped the project.' });
    const client = clientOf(WHO.manager);
    const stream = collect(client, { after });
    await hears(stream, deal, 'DEAL_WITHDRAWN');
    expectExactly(stream.heard, [
      [deal.id, 'DEAL_REGISTERED'],
      [deal.id, 'DEAL_WITHDRAWN'],
    ]);
    await client.dispose();
  });

  test('hears on the second server what was written on the first', async () => {
    test.skip(SECOND_URL === BASE_URL, 'E2E_SECOND_URL names no second server');
    const client = clientOf(WHO.auroraSales, { url: socketUrl(SECOND_URL) });
    const stream = collect(client, { after: await cursorNow() });
    const deal = await registerDeal();
    await hears(stream, deal, 'DEAL_REGISTERED');
    await client.dispose();
  });

  test('hears nothing of another partner', async () => {
    const client = clientOf(WHO.borealisSales);
    const stream = collect(client, { after: await cursorNow() });
    const foreign = await registerDeal();
    const own = await registerDeal({}, WHO.borealisSales);
    await hears(stream, own, 'DEAL_REGISTERED');
    expect(stream.heard[0].deal.id).toBe(own.id);
    expect(JSON.stringify(stream.heard)).not.toContain(foreign.id);
    await client.dispose();
  });

  test('is told when there is no session, and when its token does not hold', async () => {
    const nobody = createClient({ url: socketUrl(), webSocketImpl: WebSocket, retryAttempts: 0 });
    const refused = await nobody.iterate({ query: CHANGES }).next().catch((error) => error);
    expect(JSON.stringify(refused)).toContain('UNAUTHENTICATED');
    await nobody.dispose();
    const wrong = clientOf(WHO.manager, { connectionParams: { authorization: 'Bearer nonsense' }, retryAttempts: 0 });
    const closed = await wrong.iterate({ query: CHANGES }).next().catch((error) => error);
    expect(closed.code).toBe(4403);
    await wrong.dispose();
  });

  test('runs queries and mutations over the socket', async () => {
    const client = clientOf(WHO.auroraSales);
    const run = async (query, variables) => {
      const answers = [];
      for await (const answer of client.iterate({ query, variables })) answers.push(answer);
      expect(answers).toHaveLength(1);
      return answers[0];
    };
    expect((await run('{ viewer { user { email } } }')).data.viewer.user.email).toBe(WHO.auroraSales);
    const input = await registration();
    const { data } = await run(REGISTER, { input });
    expect(data.dealRegister.deal.title).toBe(input.title);
    await expect(run('{ nothingOfThatName }')).rejects.toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    await client.dispose();
  });

  test('opens lazily, closes when its last stream ends, and opens again', async () => {
    const server = await startOwnServer();
    const codes = [];
    const client = clientOf(WHO.manager, { url: socketUrl(server.url), on: { closed: ({ code }) => codes.push(code) } });
    const sockets = () => metric('entente_sockets_open', server.url);
    expect(await sockets()).toBe(0);
    for (let round = 1; round <= 2; round += 1) {
      const one = collect(client, { after: await cursorNow() });
      const two = collect(client, { after: await cursorNow() });
      const deal = await registerDeal();
      await hears(one, deal, 'DEAL_REGISTERED');
      await hears(two, deal, 'DEAL_REGISTERED');
      expect(await sockets()).toBe(1);
      one.stop();
      two.stop();
      await until('the socket is closed', async () => (await sockets()) === 0 && codes.length === round);
    }
    expect(codes).toEqual([1000, 1000]);
    await client.dispose();
    await server.stop();
  });

  test('keeps itself alive with pings that are answered', async () => {
    let pongs = 0;
    const client = clientOf(WHO.manager, { lazy: false, keepAlive: 100, on: { pong: (received) => (pongs += received ? 1 : 0) } });
    await until('five pongs', () => pongs >= 5);
    await client.dispose();
  });

  for (const signal of ['SIGTERM', 'SIGKILL']) {
    test(`finds a server again after ${signal}, by its own retry, and misses nothing`, async () => {
      test.setTimeout(60_000);
      const server = await startOwnServer();
      const closes = [];
      const client = clientOf(WHO.manager, { url: socketUrl(server.url), on: { closed: ({ code }) => closes.push(code) } });
      const stream = collect(client, { after: await cursorNow() });
      const before = await registerDeal();
      await hears(stream, before, 'DEAL_REGISTERED');
      await server.stop(signal);
      const during = await registerDeal();
      const approved = await changeDeal(WHO.manager, 'dealApprove', during);
      await server.start();
      await changeDeal(WHO.auroraSales, 'dealMoveStage', approved, { stage: 'proposal' });
      await hears(stream, during, 'DEAL_STAGE_MOVED');
      expectExactly(stream.heard, [
        [before.id, 'DEAL_REGISTERED'],
        [during.id, 'DEAL_REGISTERED'],
        [during.id, 'DEAL_APPROVED'],
        [during.id, 'DEAL_STAGE_MOVED'],
      ]);
      expect(closes[0]).toBe(signal === 'SIGTERM' ? 1012 : 1006);
      await client.dispose();
      await server.stop();
    });
  }
});

/** Apollo as its manual sets it up: subscriptions by the socket, everything else by HTTP. */
async function apolloOf(who, url, options = {}) {
  const http = new HttpLink({ uri: `${url}/graphql`, headers: { authorization: `Bearer ${await tokenOf(who)}` } });
  const socket = clientOf(who, { url: socketUrl(url), ...options });
  const ws = new GraphQLWsLink(socket);
  const isStream = ({ query }) => {
    const main = getMainDefinition(query);
    return main.kind === 'OperationDefinition' && main.operation === 'subscription';
  };
  const client = new ApolloClient({ link: ApolloLink.split(isStream, ws, http), cache: new InMemoryCache() });
  const overSocket = new ApolloClient({ link: ws, cache: new InMemoryCache() });
  const stop = async () => {
    client.stop();
    overSocket.stop();
    await socket.dispose();
  };
  return { client, overSocket, stop };
}

/** Follows with Apollo and collects; `variables` are sent again by the link as they are then. */
function collectApollo(client, variables) {
  const stream = { heard: [], failed: undefined };
  const subscription = client.subscribe({ query: gql(CHANGES), variables }).subscribe({
    next: ({ data, error }) => {
      if (error) stream.failed = error;
      if (data) stream.heard.push(data.dealChanges);
    },
    error: (error) => (stream.failed = error),
  });
  stream.stop = () => subscription.unsubscribe();
  return stream;
}

test.describe('Apollo', () => {
  test('subscribes by the socket, queries and changes by HTTP', async () => {
    const { client, stop } = await apolloOf(WHO.auroraSales, BASE_URL);
    const stream = collectApollo(client, { after: await cursorNow() });
    const input = await registration();
    const { data } = await client.mutate({ mutation: gql(REGISTER), variables: { input } });
    const { deal } = data.dealRegister;
    expect(deal.title).toBe(input.title);
    await hears(stream, deal, 'DEAL_REGISTERED');
    const read = await client.query({ query: gql('query ($id: ID!) { deal(id: $id) { id title status } }'), variables: { id: deal.id } });
    expect(read.data.deal).toMatchObject({ title: input.title, status: 'SUBMITTED' });
    expectExactly(stream.heard, [[deal.id, 'DEAL_REGISTERED']]);
    stream.stop();
    await stop();
  });

  test('puts what it hears into its cache, where its queries see it', async () => {
    const { client, stop } = await apolloOf(WHO.auroraSales, BASE_URL);
    const deal = await registerDeal();
    const seen = [];
    const query = gql('query ($id: ID!) { deal(id: $id) { id status } }');
    const watching = client.watchQuery({ query, variables: { id: deal.id } }).subscribe(({ data }) => seen.push(data?.deal?.status));
    await until('the query is answered', () => seen.includes('SUBMITTED'));
    const stream = collectApollo(client, { after: await cursorNow() });
    await changeDeal(WHO.manager, 'dealApprove', deal);
    await until('the approval is seen', () => seen.at(-1) === 'APPROVED');
    expect(stream.failed).toBeUndefined();
    watching.unsubscribe();
    await stop();
  });

  test('queries and changes by the socket too, and is told what is wrong', async () => {
    const { overSocket, stop } = await apolloOf(WHO.auroraSales, BASE_URL);
    const { data } = await overSocket.query({ query: gql('{ viewer { user { email } } }') });
    expect(data.viewer.user.email).toBe(WHO.auroraSales);
    const input = await registration();
    const registered = await overSocket.mutate({ mutation: gql(REGISTER), variables: { input } });
    expect(registered.data.dealRegister.errors).toEqual([]);
    const wrong = await overSocket.query({ query: gql('{ nothingOfThatName }') }).catch((error) => error);
    expect(wrong.name).toBe('CombinedGraphQLErrors');
    expect(wrong.errors[0].extensions.code).toBe('BAD_REQUEST');
    await stop();
  });

  test('connects again after a restart and goes on', async () => {
    test.setTimeout(60_000);
    const server = await startOwnServer();
    let connected = 0;
    const { client, stop } = await apolloOf(WHO.manager, server.url, { on: { connected: () => (connected += 1) } });
    const after = await cursorNow();
    const stream = collectApollo(client, { after });
    const before = await registerDeal();
    await hears(stream, before, 'DEAL_REGISTERED');
    await server.stop('SIGKILL');
    const during = await registerDeal();
    await server.start();
    await hears(stream, during, 'DEAL_REGISTERED');
    expect(connected).toBe(2);
    // Apollo sends the cursor it began with again, so what came since comes again: by cursor each is known, in order.
    const once = [...new Map(stream.heard.map((change) => [change.cursor, change])).values()];
    expectExactly(once, [
      [before.id, 'DEAL_REGISTERED'],
      [during.id, 'DEAL_REGISTERED'],
    ]);
    stream.stop();
    await stop();
    await server.stop();
  });
});
