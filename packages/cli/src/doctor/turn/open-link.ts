import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIP, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  type MessageType,
  messageLength,
  readReply,
  type StunReply,
  type StunRequest,
} from './stun-message.ts';
import type { TurnServer } from './turn-url.ts';

/** A way to a TURN server. */
export interface TurnLink {
  /** Sends a request and resolves to its reply; rejects without one. */
  ask(type: MessageType, request: StunRequest): Promise<StunReply>;
  close(): void;
}

const timeoutMs = 3000;
/** RFC 8489, 6.2.1: the first repetition after 500 ms, then after twice as long. */
const firstRepeatMs = 500;
/** No reply of a TURN server to these requests is as long. */
const maxBufferedBytes = 65_536;

/** Opens a way over UDP, TCP or TLS. Rejects with the reason within 3 s. */
export function openLink(server: TurnServer): Promise<TurnLink> {
  return server.transport === 'udp' ? openDatagrams(server) : openStream(server);
}

type Listener = (bytes: Buffer) => void;

function tell(listeners: ReadonlySet<Listener>, message: Buffer): void {
  for (const listener of listeners) listener(message);
}

async function openDatagrams({ host, port }: TurnServer): Promise<TurnLink> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const listeners = new Set<Listener>();
  let failed: ((error: Error) => void) | undefined;
  socket.on('message', (bytes) => tell(listeners, bytes));
  socket.on('error', (error) => failed?.(error));
  await new Promise<void>((resolve, reject) => {
    failed = reject;
    socket.connect(port, host, () => resolve());
  });
  return {
    ask: (type, request) =>
      replyTo(type, request, listeners, {
        send: () => socket.send(request.bytes),
        repeatMs: firstRepeatMs,
        onFailure: (reject) => {
          failed = reject;
        },
      }),
    close: () => socket.close(),
  };
}

async function openStream(server: TurnServer): Promise<TurnLink> {
  const socket = await connected(server);
  const listeners = new Set<Listener>();
  let failed: ((error: Error) => void) | undefined;
  let buffered = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    buffered = Buffer.concat([buffered, bytes]);
    if (buffered.length > maxBufferedBytes) socket.destroy(new Error('the reply is too long'));
    for (let end = messageLength(buffered); end !== undefined; end = messageLength(buffered)) {
      if (buffered.length < end) return;
      const message = buffered.subarray(0, end);
      buffered = buffered.subarray(end);
      tell(listeners, message);
    }
  });
  socket.on('error', (error) => failed?.(error));
  socket.on('close', () => failed?.(new Error('the server closed the connection')));
  return {
    ask: (type, request) =>
      replyTo(type, request, listeners, {
        send: () => void socket.write(request.bytes),
        onFailure: (reject) => {
          failed = reject;
        },
      }),
    close: () => void socket.destroy(),
  };
}

async function connected({ host, port, transport }: TurnServer): Promise<Socket> {
  const isTls = transport === 'tls';
  const name = isTls && isIP(host) === 0 ? { servername: host } : {};
  const socket = isTls ? connectTls({ host, port, ...name }) : connect({ host, port });
  try {
    await once(socket, isTls ? 'secureConnect' : 'connect', {
      signal: AbortSignal.timeout(timeoutMs),
    });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof Error && error.name === 'AbortError' ? tooLate() : error;
  }
}

interface Sending {
  readonly send: () => void;
  /** Undefined for streams, which repeat by themselves. */
  readonly repeatMs?: number;
  readonly onFailure: (reject: (error: Error) => void) => void;
}

async function replyTo(
  type: MessageType,
  request: StunRequest,
  listeners: Set<Listener>,
  { onFailure, repeatMs, send }: Sending,
): Promise<StunReply> {
  const timers: NodeJS.Timeout[] = [];
  let listener: Listener = () => undefined;
  try {
    return await new Promise<StunReply>((resolve, reject) => {
      listener = (bytes) => {
        const reply = readReply(bytes, type);
        if (reply?.transaction === request.transaction) resolve(reply);
      };
      listeners.add(listener);
      onFailure(reject);
      timers.push(setTimeout(() => reject(tooLate()), timeoutMs));
      if (repeatMs !== undefined) {
        timers.push(setTimeout(send, repeatMs), setTimeout(send, repeatMs * 3));
      }
      send();
    });
  } finally {
    listeners.delete(listener);
    for (const timer of timers) clearTimeout(timer);
  }
}

function tooLate(): Error {
  return new Error(`no reply within ${timeoutMs / 1000} s`);
}
