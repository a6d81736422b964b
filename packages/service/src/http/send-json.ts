import type { ServerResponse } from 'node:http';

/** Answers with a JSON body. */
export function sendJson(outgoing: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  };
  outgoing.writeHead(status, headers).end(text);
}
