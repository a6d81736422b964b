import { randomUUID } from 'node:crypto';
import { statusOf } from './chat-socket.ts';
import type { Client } from './client.ts';

/** Opens the signaling socket of a user in a call, straight to some instance, and loses it. */
export async function loseSignaling(client: Client, token: string, callId: string): Promise<void> {
  const { now, record } = client.options;
  const id = randomUUID();
  const entry = client.entry('open signaling', true);
  const url = `${entry.url.replace('http', 'ws')}/v1/ws/signaling?call_id=${callId}`;
  const startMs = now();
  const headers = { authorization: `Bearer ${token}`, 'x-request-id': id };
  const socket = new WebSocket(url, { headers });
  const status = await statusOf(socket);
  const seen = { id, entry: entry.name, startMs, status, body: '', degraded: null };
  const operation = { ...seen, retryAfter: null, expected: [101], facts: {}, limit: undefined };
  record(client.operation('open signaling', operation));
  socket.close();
}
