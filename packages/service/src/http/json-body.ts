import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import { ApiError } from './api-error.ts';
import { arrivedJson } from './arrived-json.ts';

type ReadJson = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<unknown>;

/**
 * Creates a reader of JSON bodies of up to `limit` bytes; a missing body is an empty object. Rejects
 * with an error that `errorReply` knows.
 */
export function jsonReader(limit: number): ReadJson {
  const parseJson = express.json({ limit, strict: true });
  return async (incoming, outgoing) => {
    const arrived = arrivedJson(incoming, limit);
    if (arrived !== undefined) return arrived;
    requireJson(incoming);
    await new Promise<void>((resolve, reject) => {
      // It needs nothing that Express adds to them.
      const [request, response] = [incoming as express.Request, outgoing as express.Response];
      parseJson(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
    return (incoming as express.Request).body ?? {};
  };
}

/** A body in another format is named as such; no body at all is judged by the schema. */
function requireJson(incoming: IncomingMessage): void {
  const { headers } = incoming;
  const hasBody =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  // The method of Express, which uses nothing but the headers.
  if (hasBody && !express.request.is.call(incoming as express.Request, 'application/json')) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Expected Content-Type: application/json.');
  }
}
