import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Line } from './line.ts';

async function echoServer(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function say(line: Line) {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(line.url).port) });
  socket.on('error', () => undefined);
  socket.write('hello');
  const [reply] = await once(socket, 'data');
  return { socket, reply: String(reply) };
}

/** It may come with an error or without. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}

it('carries what is said, and loses what is open when it is cut', async () => {
  const line = await Line.open(await echoServer());
  const first = await say(line);
  expect(first.reply).toBe('hello');
  const lost = closeOf(first.socket);
  line.cut();
  await lost;
  const second = await say(line);
  expect(second.reply).toBe('hello');
  const ended = closeOf(second.socket);
  await line.close();
  await ended;
});
