import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Network } from './network.ts';

async function echoServer(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function say({ port }: Network) {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  socket.write('hello');
  const [reply] = await once(socket, 'data');
  return { socket, reply: String(reply) };
}

/** It may come with an error or without. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}

it('carries what is said, and loses what is open when it is reset', async () => {
  const network = await Network.to(await echoServer());
  const first = await say(network);
  expect(first.reply).toBe('hello');
  const lost = closeOf(first.socket);
  network.reset();
  await lost;
  const second = await say(network);
  expect(second.reply).toBe('hello');
  const ended = closeOf(second.socket);
  await network[Symbol.asyncDispose]();
  await ended;
});
