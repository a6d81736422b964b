import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

interface ClientError extends Error {
  readonly code?: string;
}

const tooLarge = 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n';
const malformed = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

/**
 * Ends without an answer the connections on which no request came in time. Node answers 408, also on
 * one that was opened ahead and never used: a delivery that is sent at that moment would have it for
 * its reply, and Alertmanager drops what is answered 4xx. It sends again what was not answered.
 */
export function endSlowSenders(server: Server): void {
  server.on('clientError', (error: ClientError, socket: Duplex) => {
    // With a listener Node writes nothing itself: the other replies are its own.
    const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (!isSlow && socket.writable && error.code !== 'ECONNRESET') {
      socket.write(error.code === 'HPE_HEADER_OVERFLOW' ? tooLarge : malformed);
    }
    socket.destroy();
  });
}
