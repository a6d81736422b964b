import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';
import type { WorkName } from './names.ts';

export interface LoadOptions {
  readonly url: string;
  readonly work: WorkName;
  /** In turn, so that nobody reaches the limit. */
  readonly tokens: readonly string[];
  readonly count: number;
  readonly atOnce: number;
}

const body = JSON.stringify({
  conversation_id: '7d1b3a52-6c0e-4f7a-9b8d-2f1e0c5a4b36',
  content: 'x'.repeat(940),
});

/**
 * Sends `count` requests, `atOnce` at a time, over connections that are kept open; resolves to the
 * requests per second. Rejects for any reply that is not a success, so that no refusal counts.
 */
export async function load({ url, work, tokens, count, atOnce }: LoadOptions): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  let sent = 0;
  const sendOn = async (): Promise<void> => {
    while (sent < count) {
      const token = tokens[sent % tokens.length] ?? '';
      sent += 1;
      if (work === 'upgrade of a socket') await openSocket(url, token);
      else await send(url, work, token, agent);
    }
  };
  const startMs = performance.now();
  try {
    await Promise.all(Array.from({ length: atOnce }, sendOn));
  } finally {
    agent.destroy();
  }
  return count / ((performance.now() - startMs) / 1000);
}

function send(url: string, work: WorkName, token: string, agent: Agent): Promise<void> {
  const isGet = work === 'GET';
  const path = isGet ? '/v1/users/me' : '/v1/messages';
  const headers = {
    authorization: `Bearer ${token}`,
    ...(isGet
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { method: isGet ? 'GET' : 'POST', headers, agent });
    outgoing.once('error', reject).once('response', (incoming) => {
      incoming.resume().once('end', () => {
        if (incoming.statusCode === 200) resolve();
        else reject(new Error(`${url}: ${work} answered ${incoming.statusCode}`));
      });
    });
    outgoing.end(isGet ? undefined : body);
  });
}

function openSocket(url: string, token: string): Promise<void> {
  const address = `${url.replace(/^http/, 'ws')}/v1/ws/chat`;
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
  return new Promise((resolve, reject) => {
    socket
      .once('error', reject)
      .once('open', () => socket.terminate())
      .once('close', () => resolve());
  });
}
