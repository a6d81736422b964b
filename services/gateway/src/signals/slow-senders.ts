import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

interface ClientError extends Error {
  readonly code?: string;
}

const tooLarge = 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n';
const malformed = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

/**
 * Closes connections without a request in time, without a reply. Node would answer 408, also on
 * unused connections: a delivery sent at that moment would get the 408, and Alertmanager drops
 * deliveries after a 4xx. It retries deliveries without a reply.
 */
export function endSlowSenders(server: Server): void {
  server.on('clientError', (error: ClientError, socket: Duplex) => {
    // With a listener Node writes no reply itself; these are Node's other replies.
    const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (!isSlow && socket.writable && error.code !== 'ECONNRESET') {
      socket.write(error.code === 'HPE_HEADER_OVERFLOW' ? tooLarge : malformed);
    }
    socket.destroy();
  });
}
