import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** The head of a reply on a raw connection; headers are alternating names and values. */
export function replyHead(status: number, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    lines.push(`${headers[at]}: ${headers[at + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
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
