import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/redis-adapter';
import { Server, type Socket } from 'socket.io';
import { epochMs, tellParent } from '../../support/child.ts';
import { defaultClient } from '../../support/default-client.ts';
import { type FloorMessage, openFloorStore } from './one-insert.ts';
import type { Settings, Subject } from './subject.ts';

/** What a client says, as its protocol here has it. */
interface Said {
  readonly content: string;
}

type Acknowledge = (answer: { readonly message: object }) => void;

/**
 * socket.io with its Redis adapter over ioredis, as their READMEs say: a room. With `stores`, a
 * message is emitted and acknowledged when one INSERT has stored it; without, it is stored nowhere.
 */
export function socketIo(
  { redisUrl, databaseUrl }: Settings,
  { stores }: { readonly stores: boolean },
): Subject {
  outliveUnhandledRejections();
  const publisher = defaultClient(redisUrl);
  const subscriber = defaultClient(redisUrl);
  const server = createServer();
  const adapter = createAdapter(publisher, subscriber);
  const io = new Server(server, { transports: ['websocket'], serveClient: false, adapter });
  return {
    async listen() {
      const store = stores ? await openFloorStore(databaseUrl) : undefined;
      io.on('connection', (socket) => serve(socket, store));
      for (const client of [publisher, subscriber]) {
        if (client.status !== 'ready') await once(client, 'ready');
      }
      server.listen(0);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
  };
}

/**
 * The adapter drops the promises of what it publishes. When ioredis gives those up, some ten seconds
 * after Redis has gone, Node ends the process, and there would be nothing left to measure.
 */
function outliveUnhandledRejections(): void {
  process.on('unhandledRejection', () => tellParent({ kind: 'unhandled', atMs: epochMs() }));
}

function serve(
  socket: Socket,
  store: ((message: FloorMessage) => Promise<void>) | undefined,
): void {
  const { room } = socket.handshake.query;
  if (typeof room !== 'string') throw new Error('a socket names no room');
  void socket.join(room);
  socket.on('chat', async ({ content }: Said, acknowledge: Acknowledge) => {
    const message = newMessage(room, socket.id, content);
    if (store !== undefined) await store(message);
    const { message_id: cursor, created_at: at } = message;
    const frame = { conversation_id: room, from: socket.id, at, cursor, data: message };
    socket.to(room).emit('chat', frame);
    acknowledge({ message });
  });
}

/** As many fields as one of ours, so that frames are about as long. */
function newMessage(room: string, sender: string, content: string) {
  return {
    message_id: randomUUID(),
    conversation_id: room,
    sender_id: sender,
    content,
    is_encrypted: false,
    message_type: 'text',
    metadata: {},
    created_at: new Date().toISOString(),
  };
}
