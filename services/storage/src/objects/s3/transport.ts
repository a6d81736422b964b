import http from 'node:http';
import https from 'node:https';

/** A store that says nothing for this long hangs. */
const silentMs = 10_000;
/** To copy and to join, some stores move every byte before they say anything. */
const silentWhileMovingMs = 5 * 60_000;
const maxConnections = 64;

type Request = typeof http.request;

/**
 * What the minio client sends its requests with. The client sets no time limit of its own: here a
 * request ends with an error when nothing moves on its connection, while connecting as well.
 */
export function timedTransport(secure: boolean): {
  transport: { request: Request };
  agent: http.Agent;
} {
  const options = { keepAlive: true, maxSockets: maxConnections, scheduling: 'lifo' } as const;
  const agent = secure ? new https.Agent(options) : new http.Agent(options);
  const send: Request = secure ? https.request : http.request;
  const request = ((
    asked: http.RequestOptions,
    onResponse: (response: http.IncomingMessage) => void,
  ) => {
    const limitMs = movesBytes(asked) ? silentWhileMovingMs : silentMs;
    const sent = send({ ...asked, agent, timeout: limitMs }, onResponse);
    sent.once('timeout', () => sent.destroy(new Error(`no answer within ${limitMs} ms`)));
    return sent;
  }) as Request;
  return { transport: { request }, agent };
}

function movesBytes({ method, headers }: http.RequestOptions): boolean {
  if (method === 'POST') return true;
  return headers !== undefined && !Array.isArray(headers) && 'x-amz-copy-source' in headers;
}
