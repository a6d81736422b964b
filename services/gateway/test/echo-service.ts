import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { startUpstream, type TestUpstream } from './harness.ts';

/** A service that echoes, says who it is, and remembers what it was asked. */
export async function echoService(name: string, port = 0) {
  const upgrades: IncomingMessage[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  const upstream = await startUpstream((_request, reply) => reply.end(name), port);
  const open = new Set<Duplex>();
  upstream.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrades.push(request);
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    const mode = new URL(request.url ?? '/', 'http://x').searchParams.get('mode');
    if (mode === 'refuse') {
      const body = '{"success":false}';
      socket.end(
        `HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nX-Own: yes\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
      return;
    }
    if (mode === 'silent') return;
    if (mode === 'reset') {
      (socket as Socket).resetAndDestroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => {});
      webSocket.send(`hello from ${name}`);
      webSocket.on('message', (data, isBinary) => {
        if (String(data) === 'close me') webSocket.close(4001, 'as asked');
        else if (String(data) === 'break') webSocket.terminate();
        else webSocket.send(data, { binary: isBinary });
      });
    });
  });
  sockets.on('headers', (headers) => headers.push('X-Degraded: fan-out=local', 'X-Own: yes'));
  return {
    ...upstream,
    upgrades,
    open,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

export type EchoService = TestUpstream & { upgrades: IncomingMessage[]; open: Set<Duplex> };
