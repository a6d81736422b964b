import {
  type IncomingMessage,
  request as parseReply,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Timeouts } from '../upstreams/timeouts.ts';
import { messageHead } from './message-head.ts';
import { readSwitchingHead } from './switching-head.ts';

export interface UpgradeRequest {
  /** The origin of the instance. */
  readonly url: URL;
  /** Resolves to this instance if instances share a name. */
  readonly lookup: LookupFunction | undefined;
  readonly path: string;
  /** Alternating names and values. */
  readonly headers: readonly string[];
  readonly timeouts: Timeouts;
  /** The client's connection; its end ends the one to the instance. */
  readonly client: Duplex;
}

/** An instance's reply to an upgrade. */
export interface UpgradeAnswer {
  readonly status: number;
  /** Alternating names and values. */
  readonly rawHeaders: readonly string[];
  /** The new connection, with its first bytes, or the body of the HTTP reply that refuses it. */
  readonly opened: { readonly socket: Socket; readonly first: Buffer } | IncomingMessage;
}

/**
 * Opens a WebSocket to an instance. Rejects if it does not answer; `code` says why.
 *
 * A client of node:http for each socket would cost as much as all checks of the gateway together, so
 * the request is written, and a plain 101 is read, here. The parser of Node.js reads any other reply.
 */
export function openUpstream(asked: UpgradeRequest): Promise<UpgradeAnswer> {
  const { timeouts, client } = asked;
  const head = requestHead(asked);
  const { promise, resolve, reject } = Promise.withResolvers<UpgradeAnswer>();
  const socket = connected(asked.url, asked.lookup, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      socket.destroy(new UpgradeError('ETIMEDOUT', 'no reply in time'));
    }, timeouts.headersMs);
  });
  let timer = setTimeout(() => {
    socket.destroy(new UpgradeError('ECONNECTTIMEOUT', 'no connection in time'));
  }, timeouts.connectMs);
  const leave = (): void => void socket.destroy();
  const settle = (): void => {
    clearTimeout(timer);
    client.off('close', leave);
    socket.off('close', closed);
  };
  const fail = (error: Error): void => {
    settle();
    socket.destroy();
    reject(error);
  };
  const closed = (): void =>
    fail(socket.errored ?? new UpgradeError('ECONNRESET', 'closed before its reply'));
  const answer = (given: UpgradeAnswer): void => {
    settle();
    resolve(given);
  };
  client.once('close', leave);
  socket.on('error', ignore).once('close', closed);
  socket.once('data', (bytes: Buffer) => {
    socket.pause();
    const plain = readSwitchingHead(bytes);
    if (plain === undefined) {
      socket.unshift(bytes);
      readReply(socket, answer, fail);
    } else {
      const { rawHeaders, rest: first } = plain;
      answer({ status: 101, rawHeaders, opened: { socket, first } });
    }
  });
  socket.write(head, 'latin1');
  return promise;
}

function requestHead({ path, headers }: UpgradeRequest): string {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]];
    // They come from a different connection: no line of theirs may become two.
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  return messageHead(`GET ${path} HTTP/1.1`, headers);
}

/** Its `close` follows, and tells the error. */
function ignore(): void {}

/** Begins a connection to an origin. */
function connected(
  { protocol, hostname, port }: URL,
  lookup: LookupFunction | undefined,
  whenConnected: () => void,
): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  const isSecure = protocol === 'https:';
  const target = {
    host,
    port: Number(port || (isSecure ? 443 : 80)),
    ...(lookup === undefined ? {} : { lookup }),
  };
  if (!isSecure) return connect(target, whenConnected);
  // An address is no name of a server (RFC 6066, 3).
  const servername = isIP(host) === 0 ? host : '';
  return connectTls({ ...target, servername, ALPNProtocols: ['http/1.1'] }, whenConnected);
}

/**
 * Reads a reply by the parser of Node.js. The request that it belongs to is never sent, as it was
 * written before.
 * @param socket paused, with all bytes of the reply still unread
 */
function readReply(
  socket: Socket,
  answer: (given: UpgradeAnswer) => void,
  fail: (error: Error) => void,
): void {
  const unsent = parseReply({ createConnection: () => socket });
  unsent.once('socket', () => socket.resume());
  unsent.on('error', fail);
  unsent.once('response', (reply) => {
    answer({ status: reply.statusCode ?? 502, rawHeaders: reply.rawHeaders, opened: reply });
  });
  unsent.once('upgrade', ({ rawHeaders }, _socket, first) => {
    answer({ status: 101, rawHeaders, opened: { socket, first } });
  });
}

class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
  readonly code: 'ECONNECTTIMEOUT' | 'ETIMEDOUT' | 'ECONNRESET';

  constructor(code: UpgradeError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
