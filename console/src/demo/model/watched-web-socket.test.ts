import { expect, it } from 'vitest';
import type { RouteUse } from '../../app/route-use.ts';
import { watchedWebSocket } from './watched-web-socket.ts';

/** A socket whose server says what it is told to. */
class MadeUpSocket extends EventTarget {
  readonly sent: string[] = [];

  send(data: string): void {
    this.sent.push(data);
  }

  say(frame: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }
}

function open() {
  const uses: RouteUse[] = [];
  const Watched = watchedWebSocket(
    (use) => uses.push(use),
    MadeUpSocket as unknown as typeof WebSocket,
  );
  const socket = new Watched('ws://localhost/v1/ws/chat') as unknown as MadeUpSocket;
  return { socket, uses };
}

it('tells how the server has answered each frame', () => {
  const { socket, uses } = open();
  socket.send('{"type":"chat","id":"1"}');
  socket.send('{"type":"resume","id":"2"}');
  socket.say({ type: 'ack', id: '1', meta: { degraded: ['fan-out'] } });
  socket.say({ type: 'resumed', id: '2' });
  expect(uses).toEqual([
    { route: 'WS /v1/ws/chat chat', mode: 'fallback', fallbacks: [{ port: 'fan-out' }] },
    { route: 'WS /v1/ws/chat resume', mode: 'normal', fallbacks: [] },
  ]);
});

it('notes nothing of what was not asked for', () => {
  const { socket, uses } = open();
  socket.send('{"type":"typing"}');
  socket.say({ type: 'chat', data: {} });
  socket.say({ type: 'ack', id: '7' });
  expect([socket.sent, uses]).toEqual([['{"type":"typing"}'], []]);
});
