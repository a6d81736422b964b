import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DegradedMode } from '@secureconnect/degraded-mode';
import { errorReply } from './error-reply.ts';
import { contextOf } from './request-context.ts';

/** Answers a request with the reply for an error. */
export function sendError(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  mode: DegradedMode | undefined,
): void {
  const context = contextOf(request);
  const reply = errorReply(error, context, mode);
  if (response.headersSent) {
    // Too late for a different reply: an abrupt end tells the client.
    response.destroy();
    return;
  }
  // An unread body would be taken for the next request on this connection.
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const isRead = request.readableEnded || context.isBodyRead;
  if (!isRead && (length !== undefined || encoding !== undefined)) {
    response.setHeader('Connection', 'close');
  }
  const text = JSON.stringify(reply.body);
  const headers = {
    ...reply.headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  };
  response.writeHead(reply.status, headers).end(text);
}
