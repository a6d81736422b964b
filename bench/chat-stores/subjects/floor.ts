import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { type WebSocket, WebSocketServer } from 'ws';

/** The table of the floor, which anybody would create first. */
const floorTable = `CREATE TABLE IF NOT EXISTS public.floor_messages (
  message_id uuid PRIMARY KEY, room text NOT NULL, content text NOT NULL, created_at timestamptz NOT NULL)`;

const insert = {
  name: 'insert',
  text: 'INSERT INTO public.floor_messages (message_id, room, content, created_at) VALUES ($1, $2, $3, $4)',
};

/** As many connections as ours has. */
const maxConnections = 10;

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
  const pool = new pg.Pool({ connectionString: databaseUrl, max: maxConnections });
  await pool.query(floorTable);
  const rooms = new Map<string, Set<WebSocket>>();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket, request) => {
    const room = new URL(request.url ?? '/', 'http://floor').searchParams.get('conversation_id');
    if (room === null) throw new Error('a socket names no room');
    const members = rooms.get(room) ?? new Set();
    rooms.set(room, members.add(socket));
    socket.on('close', () => members.delete(socket));
    socket.on('message', (text) => {
      store(pool, JSON.parse(String(text)) as Said).then(
        ({ id, message }) => {
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

async function store(pool: pg.Pool, { id, conversation_id: room, data }: Said) {
  const [message_id, created_at] = [randomUUID(), new Date()];
  await pool.query({ ...insert, values: [message_id, room, data.content, created_at] });
  const message = {
    message_id,
    conversation_id: room,
    sender_id: message_id,
    content: data.content,
    is_encrypted: false,
    message_type: 'text',
    metadata: {},
    created_at,
  };
  return { id, message };
}
