import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { ChatSocket } from './chat-socket.ts';
import { contentOf } from './protocols/protocol.ts';
import { secureconnectProtocol } from './protocols/secureconnect-protocol.ts';
import { socketIoProtocol } from './protocols/socket-io-protocol.ts';

/** A server that answers each frame of a socket as `answer` says. */
async function serverOf(answer: (socket: WebSocket, text: string) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    socket.on('message', (data) => answer(socket, String(data)));
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    server,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

const nothing = (): void => undefined;

describe('a socket of the load', () => {
  it('reports when its messages are acknowledged, and passes on those of others', async () => {
    await using fake = await serverOf((socket, text) => {
      const { id } = JSON.parse(text);
      socket.send(JSON.stringify({ type: 'chat', data: { content: contentOf(41) } }));
      socket.send(JSON.stringify({ type: 'ack', id }));
    });
    const heard: number[] = [];
    const place = { port: fake.port, room: 'room', token: 'a token' };
    const socket = await ChatSocket.open(secureconnectProtocol, place, (number) =>
      heard.push(number),
    );
    await Promise.all([socket.say('one'), socket.say('two')]);
    expect(heard).toEqual([41, 41]);
  });

  it('is in its room only when a server of Socket.IO says so, and answers its pings', async () => {
    const frames: string[] = [];
    const ponged = Promise.withResolvers<void>();
    await using fake = await serverOf((socket, text) => {
      frames.push(text);
      if (text === '40') for (const packet of ['40{"sid":"x"}', '2']) socket.send(packet);
      if (text === '3') ponged.resolve();
    });
    fake.server.on('connection', (socket) => socket.send('0{"sid":"x"}'));
    const place = { port: fake.port, room: 'room', token: '' };
    await ChatSocket.open(socketIoProtocol, place, nothing);
    await ponged.promise;
    expect(frames).toEqual(['40', '3']);
  });

  it('rejects messages that are refused, or unanswered at its end', async () => {
    await using fake = await serverOf((socket, text) => {
      if (text.includes('last words')) socket.close(1011);
      else socket.send(JSON.stringify({ type: 'error', code: 'RATE_LIMITED', message: 'no' }));
    });
    const place = { port: fake.port, room: 'room', token: '' };
    const socket = await ChatSocket.open(secureconnectProtocol, place, nothing);
    await expect(socket.say('too fast')).rejects.toThrow(/RATE_LIMITED/);
    await expect(socket.say('last words')).rejects.toThrow('closed with 1011');
    expect(socket.isOpen).toBe(false);
    await expect(socket.say('more')).rejects.toThrow('the socket is closed');
  });

  it('does not open where nobody listens', async () => {
    const { port } = await (async () => {
      await using gone = await serverOf(nothing);
      return gone;
    })();
    const place = { port, room: 'room', token: '' };
    for (const protocol of [secureconnectProtocol, socketIoProtocol]) {
      await expect(ChatSocket.open(protocol, place, nothing)).rejects.toThrow(/ECONNREFUSED/);
    }
  });
});
