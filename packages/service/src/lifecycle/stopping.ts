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
 * A connection. Its replies are in an array: each time that a Set grows anew, V8 keeps the former
 * content reachable from the old one until a major garbage collection, and with it all that each
 * ended request had referenced.
 */
interface Connection {
  isUsed: boolean;
  /** Those in flight: one, or several of a client that does not wait for them. */
  readonly replies: ServerResponse[];
}

/**
 * Lets connections end when the server stops, each as soon as it may: one without any request after
 * a moment, one with a request in flight after its reply. Node itself ends only those that wait for
 * a further request, and waits for the clients of all others.
 */
export function trackConnections(server: Server): Connections {
  let isStopping = false;
  const connections = new Map<Duplex, Connection>();
  server.on('connection', (socket) => {
    connections.set(socket, { isUsed: false, replies: [] });
    socket.once('close', () => connections.delete(socket));
  });
  const use = (socket: Duplex): Connection | undefined => {
    const connection = connections.get(socket);
    if (connection !== undefined) connection.isUsed = true;
    return connection;
  };
  server.prependListener('upgrade', (_request, socket) => use(socket));
  server.prependListener('request', ({ socket }, response) => {
    const replies = use(socket)?.replies;
    replies?.push(response);
    response.shouldKeepAlive &&= server.listening && !isStopping;
    if (isStopping) response.setHeader(stoppingHeader, 'true');
    response.once('close', () => {
      replies?.splice(replies.indexOf(response), 1);
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
        for (const [socket, { isUsed }] of connections) if (!isUsed) socket.destroy();
      }, firstRequestMs).unref();
      for (const { replies } of connections.values()) {
        for (const response of replies) response.shouldKeepAlive = false;
      }
    },
  };
}
