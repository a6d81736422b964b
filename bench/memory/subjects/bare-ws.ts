import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** ws with its defaults, which answers what it is sent: no users, no rooms, no heartbeat. */
export async function bareWs(): Promise<number> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(data));
  });
  server.listen(0);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
