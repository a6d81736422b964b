import { getEventListeners } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { LiveSocket, type SocketState } from './live-socket.ts';

/** Opens at once, answers each frame, and is lost when `lose` is called. */
class FakeWebSocket {
  static readonly made: FakeWebSocket[] = [];
  readonly CONNECTING = 0;
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: string }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;

  constructor() {
    FakeWebSocket.made.push(this);
    queueMicrotask(() => this.onopen?.());
  }

  send(text: string): void {
    const { id } = JSON.parse(text);
    queueMicrotask(() => this.onmessage?.({ data: JSON.stringify({ type: 'ack', id }) }));
  }

  close(): void {
    this.readyState = 3;
  }

  lose(): void {
    this.onclose?.({ code: 1006 });
  }
}

/** A live socket, and what it has told. */
function live(onState: (state: SocketState) => void = () => undefined) {
  const [states, errors]: [SocketState[], unknown[]] = [[], []];
  let closing: AbortSignal | undefined;
  FakeWebSocket.made.length = 0;
  const socket = new LiveSocket({
    url: 'ws://gateway/v1/ws/chat',
    tokens: {
      current: async (signal) => {
        closing = signal;
        return 'token';
      },
      replace: async () => 'token',
    },
    WebSocket: FakeWebSocket as unknown as typeof WebSocket,
    answers: ['ack'],
    probe: { frame: { type: 'ping' }, quietMs: 100 },
    verify: async () => undefined,
    onFrame: () => undefined,
    onOpen: () => undefined,
    onState: (state) => {
      states.push(state);
      onState(state);
    },
    onError: (error) => void errors.push(error),
  });
  onTestFinished(() => socket.close());
  const listeners = () => (closing === undefined ? [] : getEventListeners(closing, 'abort'));
  return { socket, states, errors, listeners };
}

it('goes on where a listener of its state throws', async () => {
  const bug = new TypeError('a fault of the app');
  const { socket, states, errors } = live(() => {
    throw bug;
  });
  await expect.poll(() => states).toEqual(['connecting', 'open']);
  FakeWebSocket.made[0]?.lose();
  await expect.poll(() => states.at(-1)).toBe('waiting');
  socket.hurry();
  await expect.poll(() => states).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
  expect(errors).toEqual(states.map(() => bug));
});

it('keeps nothing of sockets that were lost', async () => {
  const { socket, states, listeners } = live();
  await expect.poll(() => states.at(-1)).toBe('open');
  const before = listeners().length;
  for (let lost = 0; lost < 3; lost += 1) {
    FakeWebSocket.made.at(-1)?.lose();
    await expect.poll(() => states.at(-1)).toBe('waiting');
    socket.hurry();
    await expect.poll(() => states.at(-1)).toBe('open');
  }
  expect(FakeWebSocket.made.length).toBe(4);
  // The probe of a lost socket ends at its next turn.
  await expect.poll(() => listeners().length).toBe(before);
});
