// A server of a test's own, on the same database as the others: one that may be killed, stopped, and started again at
// the same address. Its settings are those of the surroundings (MONGODB_URI, REDIS_URL, ENTENTE_...).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';

/** The program; the run names it, because only the run knows which build is under test. */
export const SERVER = process.env.E2E_SERVER;

/** A port of this machine that nobody listens on. */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether a server says that it is ready. */
export async function isReady(url) {
  const answer = await fetch(`${url}/readyz`).catch(() => null);
  return Boolean(answer?.ok);
}

/** Waits until something holds; fails when it does not in time. */
export async function until(what, condition, ms = 20_000) {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((later) => setTimeout(later, 25));
  }
}

/** Starts one. `stop(signal)` answers when the process is gone; `start()` brings it back at the same address. */
export async function startOwnServer(settings = {}) {
  if (!SERVER) throw new Error('E2E_SERVER names no server to start: run cargo xtask test e2e');
  const listen = `127.0.0.1:${await freePort()}`;
  const url = `http://${listen}`;
  let child;
  let gone;
  const start = async () => {
    const env = { ...process.env, ...settings, ENTENTE_LISTEN: listen, ENTENTE_PUBLIC_URL: url };
    child = spawn(SERVER, ['serve'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (part) => (said = (said + part).slice(-4000)));
    gone = once(child, 'exit');
    await until('the server is ready', () => {
      if (child.exitCode !== null || child.signalCode) throw new Error(`the server ended: ${said}`);
      return isReady(url);
    });
  };
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && !child.signalCode) child.kill(signal);
    const [code] = await gone;
    return code;
  };
  await start();
  return { url, start, stop, signal: (name) => child.kill(name) };
}
