import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The header of replies while their process is about to stop, so that the gateway uses others. */
export const stoppingHeader = 'x-stopping';

/** How long a first request that is in flight at the stop may take to arrive. */
const firstRequestMs = 250;

export interface Connections {
  /** From now on each reply says that the process stops, and is the last of its connection. */
  announceStop(): void;
  /** Call this when the server has stopped listening. */
  end(): void;
}

/**
 * Lets connections end when the server stops, each as soon as it may: one without any request after
 * a moment, one with a request in flight after its reply. Node itself ends only those that wait for
 * a further request, and waits for the clients of all others.
 */
export function trackConnections(server: Server): Connections {
  let isStopping = false;
  const unused = new Set<Duplex>();
  const replies = new Set<ServerResponse>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.prependListener('upgrade', (_request, socket) => unused.delete(socket));
  server.prependListener('request', ({ socket }, response) => {
    unused.delete(socket);
    replies.add(response);
    response.shouldKeepAlive &&= server.listening && !isStopping;
    if (isStopping) response.setHeader(stoppingHeader, 'true');
    response.once('close', () => {
      replies.delete(response);
      // A reply that had begun before the stop could not say `Connection: close` any more.
      if (!server.listening) socket.end();
    });
  });
  return {
    announceStop() {
      isStopping = true;
    },
    end() {
      setTimeout(() => {
        for (const socket of unused) socket.destroy();
      }, firstRequestMs).unref();
      for (const response of replies) response.shouldKeepAlive = false;
    },
  };
}
