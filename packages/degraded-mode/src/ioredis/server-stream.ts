import { createConnection, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import type { TlsMaterial } from '../redis/address.ts';

const maxHoldMs = 50;

export interface StreamOptions {
  readonly host: string;
  readonly port: number;
  readonly family?: number;
  readonly tls?: TlsMaterial | undefined;
}

/** Opens a connection to a server, over TLS if configured. */
export function openStream({ tls, ...where }: StreamOptions): Socket {
  if (tls === undefined) return createConnection(where);
  const stream = connectTls({ ...where, ...tls });
  stream.once('secureConnect', () => holdUntilAccepted(stream));
  // An alert after the handshake is an error that does not end the stream. A second error may end
  // it, and ioredis then has no listener.
  stream.on('error', () => undefined);
  return stream;
}

/**
 * In TLS 1.3 the client finishes before the server has checked its certificate. A write to a server
 * that refuses it fails with ECONNRESET, usually before the alert with the reason is read. So
 * writes wait for the server's first ticket, or for a time limit if it sends none.
 */
function holdUntilAccepted(stream: TLSSocket): void {
  if (stream.getProtocol() !== 'TLSv1.3') return;
  stream.cork();
  // Not within the event, which OpenSSL raises while it reads; setImmediate also reads pending data
  // first after a pause.
  const release = (): void => void setImmediate(() => stream.uncork());
  const timer = setTimeout(release, maxHoldMs);
  stream.once('session', () => {
    clearTimeout(timer);
    release();
  });
  stream.once('close', () => clearTimeout(timer));
}

/** Connects a client to the server of its options, over TLS if configured. */
export class ServerConnector extends AbstractConnector {
  readonly #options: StreamOptions;

  constructor(options: unknown) {
    const { host, port, family, tls, disconnectTimeout } = options as RedisOptions;
    super(disconnectTimeout ?? 0);
    this.#options = {
      host: host ?? 'localhost',
      port: port ?? 6379,
      ...(family === undefined ? {} : { family }),
      tls: tls as TlsMaterial | undefined,
    };
  }

  override async connect(): Promise<Socket> {
    this.connecting = true;
    const stream = openStream(this.#options);
    stream.once('error', (error) => {
      this.firstError = error;
    });
    this.stream = stream;
    return stream;
  }
}
