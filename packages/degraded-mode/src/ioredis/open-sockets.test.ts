import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { OpenSockets } from './open-sockets.ts';

it('closes what nobody else closes within the limit', async () => {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = new OpenSockets();
  const Connector = sockets.connector();
  const socket = await new Connector({ host: '127.0.0.1', port }).connect(() => undefined);
  await once(socket, 'connect');
  await sockets.untilClosed(20);
  expect(socket.destroyed).toBe(true);
  await sockets.untilClosed();
  server.close();
});
