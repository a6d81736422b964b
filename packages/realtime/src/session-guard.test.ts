import { eventually, SocketClient, type TestRedis, testRedis } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Revoked, startRoomService, tokenOf } from '../test/room-service.ts';
import { type CloseCode, closeCodes } from './close-codes.ts';
import { SessionGuard } from './session-guard.ts';

const stack = new AsyncDisposableStack();
let redis: TestRedis;
let service: Awaited<ReturnType<typeof startRoomService>>;
let revoked: Revoked;
let ada: SocketClient;
let bob: SocketClient;

beforeAll(async () => {
  redis = stack.use(await testRedis());
});
afterAll(() => stack.disposeAsync());

beforeEach(async () => {
  revoked = new Revoked();
  service = await startRoomService(redis.url, {}, revoked);
  ada = await SocketClient.open(service.urlOf('red'), tokenOf('ada'));
  bob = await SocketClient.open(service.urlOf('red'), tokenOf('bob'));
  return () => service.close();
});

const say = (id: string) => ({ type: 'say', id, room: 'red', text: id });

/** What somebody has heard until a frame that was sent after everything else. */
async function heardBefore(listener: SocketClient, last: string): Promise<unknown[]> {
  const heard: unknown[] = [];
  for (;;) {
    const { text } = await listener.next('said');
    if (text === last) return heard;
    heard.push(text);
  }
}

describe('a socket whose session has ended', () => {
  test('is closed as soon as the end is announced, and receives nothing more', async () => {
    revoked.announce('ada');
    service.hub.deliver({ id: 'after', room: 'red', frame: { type: 'said', text: 'after' } });
    expect(await ada.closed).toEqual({ ...closeCodes.tokenRevoked });
    expect(ada.frames).toEqual([]);
    expect(await bob.next('left')).toMatchObject({ from: 'ada' });
    expect(await bob.ask(say('bob goes on'), 'ack')).toBeDefined();
  });

  test('sends nothing more, from the moment at which the end can be known', async () => {
    revoked.users.add('ada');
    ada.send(say('from ada'));
    expect(await ada.closed).toEqual({ ...closeCodes.tokenRevoked });
    await using eve = await SocketClient.open(service.urlOf('red'), tokenOf('eve'));
    await eve.ask(say('last'), 'ack');
    expect(await heardBefore(bob, 'last')).toEqual([]);
  });

  test('is found without an announcement, and without a frame', async () => {
    revoked.users.add('ada');
    expect(await ada.closed).toEqual({ ...closeCodes.tokenRevoked });
    expect(bob.webSocket.readyState).toBe(1);
  });

  test('is not served frames that waited for the answer', async () => {
    const answer = Promise.withResolvers<void>();
    revoked.current = false;
    revoked.answer = answer.promise;
    for (const id of ['first', 'second', 'third']) ada.send(say(id));
    revoked.announce('ada');
    answer.resolve();
    expect(await ada.closed).toEqual({ ...closeCodes.tokenRevoked });
    revoked.current = true;
    await using eve = await SocketClient.open(service.urlOf('red'), tokenOf('eve'));
    await eve.ask(say('last'), 'ack');
    expect(await heardBefore(bob, 'last')).toEqual([]);
  });

  test('is closed when it opens, without the messages sent meanwhile', async () => {
    const opened = Promise.withResolvers<void>();
    service.context.slow = opened.promise;
    const opening = SocketClient.open(service.urlOf('slow'), tokenOf('eve'));
    await eventually(() => expect(service.hub.members('slow')).toHaveLength(1));
    service.hub.deliver({ id: '1', room: 'slow', frame: { type: 'said' } });
    revoked.announce('eve');
    opened.resolve();
    const eve = await opening;
    expect(await eve.closed).toEqual({ ...closeCodes.tokenRevoked });
    expect(eve.frames).toEqual([]);
  });
});

describe('when the copy has no answer', () => {
  beforeEach(() => {
    revoked.current = false;
  });

  test('each frame is asked about in full', async () => {
    expect(await ada.ask(say('1'), 'ack')).toBeDefined();
    revoked.users.add('ada');
    ada.send(say('2'));
    expect(await ada.closed).toEqual({ ...closeCodes.tokenRevoked });
    expect(await bob.next('left')).toMatchObject({ from: 'ada' });
    expect(bob.frames.map(({ text }) => text)).toEqual(['1']);
  });

  test('a frame is refused, and has no effect, when nothing has the answer', async () => {
    const answer = Promise.reject(new Error('a secret of the server'));
    answer.catch(() => undefined);
    revoked.answer = answer;
    const error = await ada.ask(say('1'), 'error');
    expect(error).toMatchObject({ code: 'INTERNAL_ERROR', id: '1' });
    revoked.answer = Promise.resolve();
    await ada.ask(say('2'), 'ack');
    expect(await heardBefore(bob, '2')).toEqual([]);
  });

  test('sockets are told to retry when there was no answer for too long', async () => {
    revoked.outdated = true;
    expect(await ada.closed).toEqual({ ...closeCodes.tryAgainLater });
    expect(await bob.closed).toEqual({ ...closeCodes.tryAgainLater });
  });
});

describe('a guarded socket', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  test.each([1, 1500, 60_000, 61_234])(
    'is closed when its token ends, %d ms after it was opened, and not before',
    (livesMs) => {
      const guard = new SessionGuard(revoked);
      const closed: CloseCode[] = [];
      const ids = { userId: 'u', sessionId: 's', tokenId: 't', role: 'user', degraded: false };
      guard.add({
        user: { ...ids, issuedAtMs: Date.now(), expiresAtMs: Date.now() + livesMs },
        close: (code: CloseCode) => void closed.push(code),
        isRevoked: () => Promise.resolve(false),
      });
      vi.advanceTimersByTime(livesMs - 1);
      expect(closed).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(new Set(closed)).toEqual(new Set([closeCodes.tokenExpired]));
      guard.stop();
    },
  );
});

test('no frame is served after the end of its token, whatever holds up the timer', async () => {
  const guard = new SessionGuard(revoked);
  const closed: CloseCode[] = [];
  const user = { userId: 'u', sessionId: 's', tokenId: 't', role: 'user', degraded: false };
  const socket = (expiresAtMs: number) => ({
    user: { ...user, issuedAtMs: Date.now(), expiresAtMs },
    close: (code: CloseCode) => void closed.push(code),
    isRevoked: () => Promise.resolve(false),
  });
  expect(await guard.admits(socket(Date.now() + 60_000))).toBe(true);
  expect(closed).toEqual([]);
  expect(await guard.admits(socket(Date.now() - 1))).toBe(false);
  expect(closed).toEqual([closeCodes.tokenExpired]);
  guard.stop();
});
