import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Timeouts } from '../upstreams/timeouts.ts';

export interface UpgradeRequest {
  /** Of the instance. */
  readonly origin: string;
  /** Leads to it where others have the same name. */
  readonly lookup: LookupFunction | undefined;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly timeouts: Timeouts;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** What an instance says to an upgrade: a socket, or an ordinary reply that refuses. */
export interface UpgradeAnswer {
  readonly reply: IncomingMessage;
  /** Absent where it refuses. */
  readonly opened?: { readonly socket: Duplex; readonly head: Buffer };
}

/** Asks an instance for a WebSocket. Rejects when it does not answer; `code` says why. */
export function openUpstream(asked: UpgradeRequest): Promise<UpgradeAnswer> {
  const { origin, lookup, path, headers, timeouts, signal } = asked;
  const send = origin.startsWith('https:') ? httpsRequest : httpRequest;
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    // A connection of its own, for as long as the socket lives. The path is not part of a URL here,
    // which would change the way it is written.
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
