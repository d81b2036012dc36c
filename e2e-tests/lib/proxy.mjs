// A wire that can be cut, frozen and led elsewhere: a TCP proxy in front of a server. Cutting ends every connection and
// refuses new ones, as a server that went away would. Freezing says nothing to anybody: what is sent is held, no
// connection ends, new ones get no answer, as with a laptop that sleeps or a network that swallows everything.
import net from 'node:net';

/** Starts a proxy to `target` (an http URL) on a free port. */
export async function startProxy(target) {
  let { hostname, port } = new URL(target);
  const open = new Set();
  let whole = true;
  let frozen = false;
  let accepted = 0;

  class Connection {
    constructor(client) {
      this.client = client;
      this.isHeld = frozen;
      this.listen(client);
      client.pause();
      if (!frozen) this.connect();
    }

    connect() {
      this.upstream = net.connect(Number(port), hostname);
      this.listen(this.upstream);
      this.forward(this.client, this.upstream);
      this.forward(this.upstream, this.client);
      this.client.resume();
    }

    listen(socket) {
      socket.on('error', () => this.end()).on('close', () => this.end());
    }

    forward(from, to) {
      from.on('data', (bytes) => {
        if (from === this.client) this.isSocket ||= /^upgrade: websocket/im.test(bytes.toString('latin1'));
        if (!to.write(bytes)) from.pause();
      });
      to.on('drain', () => {
        if (!this.isHeld) from.resume();
      });
    }

    hold() {
      this.isHeld = true;
      this.client.pause();
      this.upstream?.pause();
    }

    release() {
      this.isHeld = false;
      if (this.hasEnded) return this.end();
      if (!this.upstream) return this.connect();
      this.client.resume();
      this.upstream.resume();
    }

    end() {
      this.hasEnded = true;
      // A network that swallows everything swallows this too.
      if (this.isHeld) return;
      this.destroy();
    }

    destroy() {
      this.client.destroy();
      this.upstream?.destroy();
      open.delete(this);
    }
  }

  const server = net.createServer((client) => {
    if (!whole) return client.destroy();
    accepted += 1;
    open.add(new Connection(client));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const end = () => {
    for (const connection of [...open]) connection.destroy();
  };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Ends everything and refuses what is new, until `mend`. */
    cut: () => {
      whole = false;
      end();
    },
    mend: () => (whole = true),
    /** Ends everything; new connections are taken. */
    drop: end,
    /** Holds everything, until `thaw` or `abandon`. */
    freeze: () => {
      frozen = true;
      for (const connection of open) connection.hold();
    },
    /** Goes on where it was: what was held arrives now. */
    thaw: () => {
      frozen = false;
      for (const connection of [...open]) connection.release();
    },
    /**
     * As after sleep: new connections are taken, and the WebSockets of before are silent for ever without anybody being
     * told. The idle connections of requests end, as a browser ends them itself when the machine wakes up.
     */
    abandon: () => {
      frozen = false;
      for (const connection of [...open]) if (!connection.isSocket) connection.destroy();
    },
    /** Leads new connections to another server. */
    lead: (to) => ({ hostname, port } = new URL(to)),
    /** How many connections there have been. */
    accepted: () => accepted,
    close: () => {
      whole = false;
      end();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
