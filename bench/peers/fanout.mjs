// The Node peer of the fan-out benchmark, as people run it: fastify, mercurius with its JIT, subscriptions through
// mqemitter-redis, and the official MongoDB driver. A change is written as Entente writes it (the deal guarded by its version,
// an event, an idempotency record, in one majority transaction), then told to everybody who subscribed.
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import mqRedis from 'mqemitter-redis';
import { MongoClient } from 'mongodb';

const { MONGODB_URI, REDIS_URL, PORT } = process.env;
const TOPIC = 'dealChanges';
const schema = readFileSync(new URL('./fanout.graphql', import.meta.url), 'utf8');

const client = new MongoClient(MONGODB_URI, { maxPoolSize: 64, minPoolSize: 8, writeConcern: { w: 'majority', j: true }, readConcern: { level: 'majority' } });
await client.connect();
const db = client.db('peer');
const [deals, events, keys] = ['deals', 'events', 'idempotency'].map((name) => db.collection(name));
await events.createIndex({ dealId: 1, occurredAt: -1 });
const transaction = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true }, readPreference: 'primary' };

async function write(change) {
  const { deal, ...event } = change;
  const { id, ...card } = deal;
  const session = client.startSession();
  try {
    await session.withTransaction(async () => {
      await deals.updateOne({ _id: id }, { $set: card }, { session, upsert: true });
      await events.insertOne({ ...event, dealId: id }, { session });
      await keys.insertOne({ input: event.cursor, deal: id, at: new Date() }, { session });
    }, transaction);
  } finally {
    await session.endSession();
  }
}

const resolvers = {
  Query: { ok: () => true },
  Mutation: {
    dealChange: async (_, { change: text }, { pubsub }) => {
      const change = JSON.parse(text);
      await write(change);
      await pubsub.publish({ topic: TOPIC, payload: { dealChanges: change } });
      return { deal: change.deal, errors: [] };
    },
  },
  Subscription: {
    dealChanges: { subscribe: (_, __, { pubsub }) => pubsub.subscribe(TOPIC) },
  },
  DealChangeEvent: { resolveType: (value) => value.__typename },
};

const app = Fastify({ logger: false });
const { hostname, port } = new URL(REDIS_URL);
const emitter = mqRedis({ host: hostname, port: Number(port), concurrency: 0 });
app.register(mercurius, { schema, resolvers, jit: 1, subscription: { emitter } });
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
