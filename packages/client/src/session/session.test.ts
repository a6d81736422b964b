import { expect, it } from 'vitest';
import { LostReplyError, SignedOutError } from '../http/errors.ts';
import { Requester } from '../http/request.ts';
import type { Schemas } from '../http/routes.ts';
import { StorageFullError } from '../stores/storage-full-error.ts';
import { MemoryStore, type Store } from '../stores/store.ts';
import { withResolvers } from '../support/delay.ts';
import { platformLocks } from '../support/locks.ts';
import { Session } from './session.ts';

const { signal } = new AbortController();
const meta = { timestamp: '2026-01-31T12:00:00.000Z', request_id: 'r1' };

function tokens(n: number, expiresInSeconds: number): Schemas['Tokens'] {
  const user = { user_id: 'ada' } as Schemas['OwnUser'];
  return {
    user,
    access_token: `access-${n}`,
    refresh_token: `refresh-${n}`,
    expires_in: expiresInSeconds,
  };
}

const bobs: Schemas['Tokens'] = {
  ...tokens(7, 900),
  user: { user_id: 'bob' } as Schemas['OwnUser'],
};

/** Pages over one store; the server exchanges refresh token n for pair n + 1, each once. */
function pages(
  count: number,
  answer?: (refreshToken: string) => Response | Error | Promise<undefined>,
  store: Store = new MemoryStore(),
) {
  const locks = platformLocks();
  const asked: string[] = [];
  let ended = 0;
  const requester = new Requester({
    baseUrl: 'http://gateway',
    onDegraded: () => undefined,
    fetch: async (_url, init) => {
      const { refresh_token: token } = JSON.parse(String(init?.body));
      asked.push(token);
      const other = await answer?.(token);
      if (other instanceof Response) return other;
      if (other !== undefined) throw other;
      const data = tokens(Number(token.split('-')[1]) + 1, 900);
      return Response.json({ success: true, data, meta });
    },
  });
  const sessions = Array.from(
    { length: count },
    () => new Session({ requester, store, locks, onSignedOut: () => (ended += 1) }),
  );
  return { sessions, asked, ended: () => ended };
}

const refusedWith = (status: number) => () =>
  Response.json({ success: false, error: { code: 'X', message: '' }, meta }, { status });

it('has no token where nobody is signed in', async () => {
  const [session] = pages(1).sessions;
  expect(await session?.current(signal)).toBeUndefined();
});

it('renews a token that is about to end, once for all pages', async () => {
  const { sessions, asked } = pages(3);
  await sessions[0]?.adopt(tokens(1, 20));
  const current = await Promise.all(sessions.map((each) => each.current(signal)));
  expect(current).toEqual(['access-2', 'access-2', 'access-2']);
  expect(asked).toEqual(['refresh-1']);
});

it('renews a token that was refused, unless another page has done so', async () => {
  const { sessions, asked } = pages(2);
  await sessions[0]?.adopt(tokens(1, 900));
  await Promise.all(sessions.map((each) => each.current(signal)));
  const replaced = await Promise.all(sessions.map((each) => each.replace('access-1', signal)));
  expect(replaced).toEqual(['access-2', 'access-2']);
  expect(asked).toEqual(['refresh-1']);
});

it('asks again with the same token where the reply was lost', async () => {
  const answers = [new TypeError('fetch failed')];
  const { sessions, asked } = pages(1, () => answers.shift() as Error);
  await sessions[0]?.adopt(tokens(1, 900));
  expect(await sessions[0]?.replace('access-1', signal)).toBe('access-2');
  expect(asked).toEqual(['refresh-1', 'refresh-1']);
});

it('keeps a token that is still good where the server cannot renew it', async () => {
  const { sessions } = pages(1, refusedWith(500));
  await sessions[0]?.adopt(tokens(1, 20));
  expect(await sessions[0]?.current(signal)).toBe('access-1');
});

it('fails without ending the session where a token has ended and cannot be renewed', async () => {
  const { sessions, ended } = pages(1, refusedWith(500));
  await sessions[0]?.adopt(tokens(1, 0));
  await expect(sessions[0]?.current(signal)).rejects.toMatchObject({ status: 500 });
  expect(ended()).toBe(0);
  expect(await sessions[0]?.userId()).toBe('ada');
});

it('ends the session where the refresh token is not accepted, and says so once', async () => {
  const { sessions, ended } = pages(2, refusedWith(401));
  await sessions[0]?.adopt(tokens(1, 900));
  const results = await Promise.allSettled(
    sessions.map((each) => each.replace('access-1', signal)),
  );
  for (const result of results) {
    expect(result).toMatchObject({ status: 'rejected', reason: expect.any(SignedOutError) });
  }
  expect(ended()).toBe(1);
  expect(await sessions[1]?.userId()).toBeUndefined();
});

it('uses a token without a refresh token until it ends', async () => {
  const { sessions, asked } = pages(1);
  await sessions[0]?.adopt({ ...tokens(1, 20), refresh_token: '' });
  expect(await sessions[0]?.current(signal)).toBe('access-1');
  await expect(sessions[0]?.replace('access-1', signal)).rejects.toBeInstanceOf(SignedOutError);
  expect(asked).toEqual([]);
});

it('does not take a lost reply for the end of the session', async () => {
  const { sessions } = pages(1, () => new TypeError('fetch failed'));
  await sessions[0]?.adopt(tokens(1, 900));
  const abort = new AbortController();
  const replacing = sessions[0]?.replace('access-1', abort.signal);
  abort.abort(new LostReplyError('offline'));
  await expect(replacing).rejects.toBeInstanceOf(LostReplyError);
  expect(await sessions[0]?.userId()).toBe('ada');
});

it('says that the session has ended where another page has signed out', async () => {
  const { sessions, ended } = pages(2);
  await sessions[0]?.adopt(tokens(1, 900));
  await sessions[1]?.current(signal);
  await sessions[0]?.forget();
  await expect(sessions[1]?.replace('access-1', signal)).rejects.toBeInstanceOf(SignedOutError);
  expect(ended()).toBe(1);
});

it('does not give the tokens of somebody else who signs in on another page', async () => {
  const { sessions, asked } = pages(2);
  await sessions[0]?.adopt(tokens(1, 900));
  const adas = sessions[1]?.of('ada');
  expect(await adas?.current(signal)).toBe('access-1');
  await sessions[0]?.adopt(bobs);
  await expect(adas?.replace('access-1', signal)).rejects.toBeInstanceOf(SignedOutError);
  await expect(adas?.current(signal)).rejects.toBeInstanceOf(SignedOutError);
  expect(asked).toEqual([]);
});

it.each([
  ['somebody else signs in', async (session: Session) => session.adopt(bobs), 'bob'],
  ['the user signs out', async (session: Session) => session.forget(), undefined],
])('forgets a session that is being renewed while %s', async (_what, change, userId) => {
  const reply = withResolvers<undefined>();
  const { sessions, asked } = pages(1, () => reply.promise);
  const [session] = sessions;
  await session?.adopt(tokens(1, 900));
  const renewing = session?.replace('access-1', signal);
  await expect.poll(() => asked).toEqual(['refresh-1']);
  const changed = session && change(session);
  reply.resolve(undefined);
  await Promise.all([renewing, changed]);
  expect(await session?.userId()).toBe(userId);
});

it('goes on with a session that was renewed while the store was full, and keeps it later', async () => {
  class LimitedStore extends MemoryStore {
    isFull = false;

    override async set(key: string, value: string): Promise<void> {
      if (this.isFull) throw new StorageFullError(new Error('no space'));
      await super.set(key, value);
    }
  }
  const store = new LimitedStore();
  const { sessions, asked, ended } = pages(2, undefined, store);
  const [session, next] = sessions;
  await session?.adopt(tokens(1, 900));
  store.isFull = true;
  expect(await session?.replace('access-1', signal)).toBe('access-2');
  expect(await session?.replace('access-2', signal)).toBe('access-3');
  store.isFull = false;
  expect(await session?.userId()).toBe('ada');
  expect(await next?.current(signal)).toBe('access-3');
  expect([asked, ended()]).toEqual([['refresh-1', 'refresh-2'], 0]);
});

it('says nothing of a session that its user ends', async () => {
  const { sessions, ended } = pages(1, refusedWith(401));
  const [session] = sessions;
  await session?.adopt(tokens(1, 900));
  // A socket is closed before the reply arrives, and asks for a token.
  await session?.leave(async () => {
    await expect(session.replace('access-1', signal)).rejects.toThrow(SignedOutError);
  });
  expect([await session?.current(signal), ended()]).toEqual([undefined, 0]);
});
