// `graphql-transport-ws` as bare messages, for the tests of the protocol itself: nothing is added, nothing answered.
import { once } from 'node:events';
import http from 'node:http';
import { WebSocket } from 'ws';
import { BASE_URL, tokenOf } from './server.mjs';

export const PROTOCOL = 'graphql-transport-ws';

/** The address of a server's socket. */
export const socketUrl = (url = BASE_URL) => `${url.replace(/^http/, 'ws')}/graphql`;

/** A socket that records what it hears. */
export class Wire {
  heard = [];
  #waiting = [];

  constructor(url, protocols = [PROTOCOL]) {
    this.socket = new WebSocket(socketUrl(url), protocols, { perMessageDeflate: false });
    this.socket.on('message', (bytes, isBinary) => {
      this.heard.push(isBinary ? { binary: bytes.length } : JSON.parse(bytes.toString()));
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.isClosed = true;
        for (const wake of this.#waiting.splice(0)) wake();
      });
    });
  }

  /** Connects; `who` introduces itself and is acknowledged. */
  static async open({ url = BASE_URL, who, protocols } = {}) {
    // Before: a sign-in may take longer than a server waits for the introduction.
    const token = who && (await tokenOf(who));
    const wire = new Wire(url, protocols);
    await once(wire.socket, 'open');
    if (who) await wire.introduce(token);
    return wire;
  }

  async introduce(token) {
    this.send({ type: 'connection_init', payload: token ? { authorization: `Bearer ${token}` } : undefined });
    return this.next(({ type }) => type === 'connection_ack');
  }

  /** Sends an object as a message, and text and bytes as they are. */
  send(message, options = {}) {
    const raw = typeof message === 'string' || Buffer.isBuffer(message);
    this.socket.send(raw ? message : JSON.stringify(message), options);
  }

  subscribe(id, query, variables, rest = {}) {
    this.send({ id, type: 'subscribe', payload: { query, variables, ...rest } });
  }

  /** The first message that is wanted and was not taken yet, now or when it comes. */
  async next(wanted = () => true, ms = 10_000) {
    const end = Date.now() + ms;
    for (;;) {
      const at = this.heard.findIndex(wanted);
      if (at >= 0) return this.heard.splice(at, 1)[0];
      if (this.isClosed) throw new Error(`closed with ${JSON.stringify(await this.closed)} instead of: ${wanted}`);
      const left = end - Date.now();
      if (left <= 0) throw new Error(`nothing of ${wanted} within ${ms} ms, but ${JSON.stringify(this.heard).slice(0, 400)}`);
      let timer;
      await Promise.race([new Promise((wake) => this.#waiting.push(wake)), new Promise((late) => (timer = setTimeout(late, left)))]);
      clearTimeout(timer);
    }
  }

  nextOf(id, type) {
    return this.next((message) => message.id === id && (!type || message.type === type));
  }

  /** Asks whether the server is there, and with it waits until it has worked off what was sent before. */
  async settle() {
    const payload = { mark: `${Math.random()}` };
    this.send({ type: 'ping', payload });
    return this.next((message) => message.type === 'pong' && message.payload?.mark === payload.mark);
  }

  async close() {
    this.socket.close(1000);
    return this.closed;
  }

  /** The code with which the server closes, in time. */
  async code(ms = 10_000) {
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`not closed within ${ms} ms`)), ms)));
    const { code } = await Promise.race([this.closed, late]);
    clearTimeout(timer);
    return code;
  }
}

/** Offers protocols as no library would and answers the code of the close frame that comes. */
export async function codeForProtocols(offered, url = BASE_URL) {
  const request = http.request(`${url}/graphql`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.from('sixteen bytes ok').toString('base64'),
      ...(offered ? { 'sec-websocket-protocol': offered } : {}),
    },
  });
  request.end();
  const [response, socket, head] = await Promise.race([
    once(request, 'upgrade'),
    once(request, 'response').then(([{ statusCode }]) => Promise.reject(new Error(`answered ${statusCode} instead of upgrading`))),
  ]);
  let bytes = head;
  while (bytes.length < 4) bytes = Buffer.concat([bytes, (await once(socket, 'data'))[0]]);
  socket.destroy();
  const isClose = bytes[0] === 0x88;
  return { code: isClose ? bytes.readUInt16BE(2) : null, chosen: response.headers['sec-websocket-protocol'] };
}

/** The value of one of the server's metrics. */
export async function metric(name, url = BASE_URL) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line ? Number(line.split(' ')[1]) : undefined;
}
