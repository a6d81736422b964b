import { createConnection, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import type { TlsMaterial } from './tls-files.ts';

const maxHoldMs = 50;

export interface StreamOptions {
  readonly host: string;
  readonly port: number;
  readonly family?: number;
  readonly tls?: TlsMaterial | undefined;
}

/** Opens a connection to a server, over TLS where there is some. */
export function openStream({ tls, ...where }: StreamOptions): Socket {
  if (tls === undefined) return createConnection(where);
  const stream = connectTls({ ...where, ...tls });
  stream.once('secureConnect', () => holdUntilAccepted(stream));
  // An alert after the handshake is an error that does not end the stream; what ends it may be a
  // second one, for which ioredis has no listener any more.
  stream.on('error', () => undefined);
  return stream;
}

/**
 * In TLS 1.3 the client is done before the server has looked at its certificate. Whatever is written
 * by then to a server that refuses it meets ECONNRESET, mostly before the alert that says why is
 * read. So nothing is, until the server has sent its first ticket; one that sends none costs the time.
 */
function holdUntilAccepted(stream: TLSSocket): void {
  if (stream.getProtocol() !== 'TLSv1.3') return;
  stream.cork();
  // Not within the event, which OpenSSL raises while it reads; and after a pause of this process what
  // has arrived is read first.
  const release = (): void => void setImmediate(() => stream.uncork());
  const timer = setTimeout(release, maxHoldMs);
  stream.once('session', () => {
    clearTimeout(timer);
    release();
  });
  stream.once('close', () => clearTimeout(timer));
}

/** How a client connects to the server of its options, over TLS where they say so. */
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
