import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type FloorMessage, openFloorStore } from '../../chat/subjects/one-insert.ts';

interface Said {
  readonly id: string;
  readonly conversation_id: string;
  readonly data: { readonly content: string };
}

/**
 * The least that stores what it acknowledges: `ws` and one prepared INSERT for each message. It asks
 * nobody who they are, limits nothing, and reaches no second instance. Resolves to its port.
 */
export async function startFloor(databaseUrl: string): Promise<number> {
  const store = await openFloorStore(databaseUrl);
  const rooms = new Map<string, Set<WebSocket>>();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket, request) => {
    const room = new URL(request.url ?? '/', 'http://floor').searchParams.get('conversation_id');
    if (room === null) throw new Error('a socket names no room');
    const members = rooms.get(room) ?? new Set();
    rooms.set(room, members.add(socket));
    socket.on('close', () => members.delete(socket));
    socket.on('message', (text) => {
      const { id, message } = newMessage(JSON.parse(String(text)) as Said);
      store(message).then(
        () => {
          const frame = JSON.stringify({ type: 'chat', data: message });
          for (const member of members) if (member !== socket) member.send(frame);
          socket.send(JSON.stringify({ type: 'ack', message, id }));
        },
        (error: unknown) => socket.send(JSON.stringify({ type: 'error', message: String(error) })),
      );
    });
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function newMessage({ id, conversation_id, data }: Said): { id: string; message: FloorMessage } {
  const message_id = randomUUID();
  const message = {
    message_id,
    conversation_id,
    sender_id: message_id,
    content: data.content,
    is_encrypted: false,
    message_type: 'text',
    metadata: {},
    created_at: new Date(),
  };
  return { id, message };
}
