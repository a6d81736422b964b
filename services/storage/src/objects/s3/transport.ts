import http from 'node:http';
import https from 'node:https';

/** A store that is silent for this long hangs. */
const silentMs = 10_000;
/** Long, because some stores copy or join every byte before they answer. */
const silentWhileMovingMs = 5 * 60_000;
const maxConnections = 64;

type Request = typeof http.request;

/**
 * The transport of the minio client, which has no time limits itself: a request fails if its
 * connection is silent for too long, also while connecting.
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
