import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { messageHead } from './message-head.ts';

/** The head of a reply on a raw connection; headers are alternating names and values. */
export function replyHead(status: number, headers: readonly string[]): string {
  return messageHead(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`, headers);
}

/** Answers an upgrade with an HTTP reply, and ends the connection. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  const whole = {
    ...headers,
    'Cache-Control': 'no-store',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  socket.end(`${replyHead(status, Object.entries(whole).flat())}${body}`, 'latin1');
}
