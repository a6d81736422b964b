import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';

/** Replies of APNs have some hundred bytes. */
const maxReplyBytes = 65_536;
/** A connection without a request for this long is closed; the next request opens one. */
const idleMs = 300_000;

export interface Http2Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Requests to one server over one connection, which is opened again when it has ended or has left a
 * request without its reply.
 */
export class Http2Client {
  readonly #url: string;
  #session: ClientHttp2Session | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws an error of the network, or the reason of the signal */
  post(
    path: string,
    headers: OutgoingHttpHeaders,
    body: string,
    signal: AbortSignal,
  ): Promise<Http2Reply> {
    signal.throwIfAborted();
    const session = this.#connected();
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    const { promise, resolve, reject } = Promise.withResolvers<Http2Reply>();
    const abort = (): void => {
      stream.close(constants.NGHTTP2_CANCEL);
      this.#leave(session);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    let replied: IncomingHttpHeaders = {};
    const parts: Buffer[] = [];
    let bytes = 0;
    stream.on('response', (received) => {
      replied = received;
    });
    stream.on('data', (part: Buffer) => {
      bytes += part.byteLength;
      if (bytes <= maxReplyBytes) parts.push(part);
    });
    stream.on('error', reject);
    stream.on('close', () => {
      signal.removeEventListener('abort', abort);
      const status = Number(replied[':status']);
      if (status > 0) {
        resolve({ status, headers: replied, text: Buffer.concat(parts).toString('utf8') });
      } else reject(new Error('the connection ended before the reply'));
    });
    stream.end(body);
    return promise;
  }

  async close(): Promise<void> {
    this.#session?.destroy();
  }

  /**
   * Ends a connection that has not answered in time, with its last request: it may be dead, of which
   * the system learns only after a quarter of an hour of retransmissions.
   */
  #leave(session: ClientHttp2Session): void {
    if (this.#session === session) this.#session = undefined;
    if (!session.closed) session.close();
  }

  #connected(): ClientHttp2Session {
    if (this.#session !== undefined && !this.#session.closed && !this.#session.destroyed) {
      return this.#session;
    }
    const session = connect(this.#url);
    const forget = (): void => {
      if (this.#session === session) this.#session = undefined;
    };
    // Requests on it get the error too; the session itself has no one else to tell.
    session.on('error', forget);
    session.on('close', forget);
    session.on('goaway', forget);
    session.setTimeout(idleMs, () => session.close());
    session.unref();
    this.#session = session;
    return session;
  }
}
