import type { Duplex } from 'node:stream';

/** The WebSocket connections that go through the gateway. */
export class SocketPipes {
  readonly #open = new Map<Duplex, Duplex>();

  /**
   * Passes bytes on both ways until both sides have ended. A side that ends is ended on the other
   * side too, once everything before has been passed on; a side that breaks takes the other along.
   */
  join(client: Duplex, upstream: Duplex): void {
    this.#open.set(client, upstream);
    client.once('close', () => this.#open.delete(client));
    oneWay(client, upstream);
    oneWay(upstream, client);
  }

  /** Ends every connection: sockets never end by themselves. */
  endAll(): void {
    for (const [client, upstream] of this.#open) {
      endSoon(client);
      endSoon(upstream);
    }
  }
}

function oneWay(from: Duplex, to: Duplex): void {
  from.on('error', () => to.destroy());
  // Also when it went without an end: then nothing more comes, and nobody reads.
  from.once('close', () => endSoon(to));
  from.pipe(to);
}

/** Destroys a stream when what was written has gone out. */
function endSoon(stream: Duplex): void {
  if (stream.writableFinished || stream.destroyed) {
    stream.destroy();
    return;
  }
  stream.once('finish', () => stream.destroy());
  stream.end();
}
