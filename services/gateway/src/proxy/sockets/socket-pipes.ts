import type { Duplex } from 'node:stream';

/** The WebSocket connections through the gateway. */
export class SocketPipes {
  readonly #open = new Map<Duplex, Duplex>();

  /**
   * Passes bytes both ways until both sides have ended. When one side ends, the other side ends
   * after all its bytes; when one side breaks, the other one is destroyed.
   */
  join(client: Duplex, upstream: Duplex): void {
    this.#open.set(client, upstream);
    client.once('close', () => this.#open.delete(client));
    oneWay(client, upstream);
    oneWay(upstream, client);
  }

  /** Ends every connection; sockets do not end by themselves. */
  endAll(): void {
    for (const [client, upstream] of this.#open) {
      endSoon(client);
      endSoon(upstream);
    }
  }
}

function oneWay(from: Duplex, to: Duplex): void {
  from.on('error', () => to.destroy());
  // Also if it closed without an end: nothing more arrives, and nobody reads.
  from.once('close', () => endSoon(to));
  from.pipe(to);
}

/** Destroys a stream once its written data has been sent. */
function endSoon(stream: Duplex): void {
  if (stream.writableFinished || stream.destroyed) {
    stream.destroy();
    return;
  }
  stream.once('finish', () => stream.destroy());
  stream.end();
}
