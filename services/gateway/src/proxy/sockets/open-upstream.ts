import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Timeouts } from '../upstreams/timeouts.ts';

export interface UpgradeRequest {
  /** The origin of the instance. */
  readonly url: URL;
  /** Resolves to this instance if instances share a name. */
  readonly lookup: LookupFunction | undefined;
  readonly path: string;
  /** Alternating names and values. */
  readonly headers: readonly string[];
  readonly timeouts: Timeouts;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
}

/** An instance's reply to an upgrade: a socket, or an HTTP reply that refuses. */
export interface UpgradeAnswer {
  readonly reply: IncomingMessage;
  /** Absent if the instance refuses. */
  readonly opened?: { readonly socket: Duplex; readonly head: Buffer };
}

/** Opens a WebSocket to an instance. Rejects if it does not answer; `code` says why. */
export function openUpstream(asked: UpgradeRequest): Promise<UpgradeAnswer> {
  const { url, lookup, path, headers, timeouts, signal } = asked;
  const { protocol, hostname, port } = url;
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    // A separate connection for the life of the socket. The path is not passed as part of a URL,
    // which would normalise it.
    const request = send({
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path,
      headers: [...headers],
      agent: false,
      signal,
      ...(lookup === undefined ? {} : { lookup }),
    });
    let timer = setTimeout(() => {
      request.destroy(new UpgradeTimeout('ECONNECTTIMEOUT', 'no connection in time'));
    }, timeouts.connectMs);
    request.once('socket', (socket) => {
      socket.once(
        socket instanceof Object && 'encrypted' in socket ? 'secureConnect' : 'connect',
        () => {
          clearTimeout(timer);
          timer = setTimeout(() => {
            request.destroy(new UpgradeTimeout('ETIMEDOUT', 'no reply in time'));
          }, timeouts.headersMs);
        },
      );
    });
    request.once('error', reject);
    request.once('response', (reply) => resolve({ reply }));
    request.once('upgrade', (reply, socket, head) => resolve({ reply, opened: { socket, head } }));
    const answered = (): void => clearTimeout(timer);
    for (const event of ['response', 'upgrade', 'close']) request.once(event, answered);
    request.end();
  });
}

class UpgradeTimeout extends Error {
  override readonly name = 'UpgradeTimeout';
  readonly code: 'ECONNECTTIMEOUT' | 'ETIMEDOUT';

  constructor(code: UpgradeTimeout['code'], message: string) {
    super(message);
    this.code = code;
  }
}
