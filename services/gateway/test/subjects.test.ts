import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { textOf, useFront } from './front.ts';
import { bearer } from './harness.ts';

const front = useFront({ hasChat: true });

/** What the service behind was given to read. */
let bodies: string[] = [];
beforeEach(() => {
  bodies = [];
  front.handle = async (request, reply) => {
    bodies.push(await textOf(request));
    reply.end('normal');
  };
});

const refreshToken = (sessionId: string = randomUUID()): string =>
  `${sessionId}.${randomBytes(32).toString('base64url')}`;

/** Posts a body to the route of refreshing; by default one that names a session. */
async function refresh(body: unknown = { refresh_token: refreshToken() }, from = front.from) {
  const reply = await front.ask('/v1/auth/refresh', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...from },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  await reply.arrayBuffer();
  return reply;
}

async function statuses(count: number, ask: (n: number) => Promise<Response>) {
  const seen: Record<number, number> = {};
  for (let n = 0; n < count; n += 1) {
    const { status } = await ask(n);
    seen[status] = (seen[status] ?? 0) + 1;
  }
  return seen;
}

describe('a refresh', () => {
  it('is counted by its session: 15 users behind one address are all served', async () => {
    expect(await statuses(15, () => refresh())).toEqual({ 200: 15 });
  });

  it('has no more of its limit with each new token of a session, from any address', async () => {
    const sessionId = randomUUID();
    const again = (n: number) =>
      refresh({ refresh_token: refreshToken(sessionId) }, { 'x-forwarded-for': `192.0.2.${n}` });
    expect(await statuses(11, again)).toEqual({ 200: 10, 429: 1 });
    const reply = await refresh();
    expect(reply.headers.get('x-ratelimit-limit')).toBe('10');
    expect(reply.headers.get('x-ratelimit-remaining')).toBe('9');
  });

  it('that names no session is counted by address, as a guess', async () => {
    const guesses: unknown[] = [
      { refresh_token: 'guess' },
      { refresh_token: refreshToken().toUpperCase() },
      { refresh_token: `${refreshToken()}x` },
      { refresh_token: 5 },
      { token: refreshToken() },
      [refreshToken()],
      '{"refresh_token":',
      '',
      'null',
      '\ufeff{}',
    ];
    expect(await statuses(10, (n) => refresh(guesses[n]))).toEqual({ 200: 10 });
    expect(await statuses(2, (n) => refresh(guesses[n]))).toEqual({ 429: 2 });
    // Clients that share the address and have a session are served.
    expect(await statuses(1, () => refresh())).toEqual({ 200: 1 });
  });

  it('with invented sessions ends at the limit of the address', { timeout: 60_000 }, async () => {
    const seen: Record<number, number> = {};
    for (let batch = 0; batch < 61; batch += 1) {
      const replies = await Promise.all(Array.from({ length: 10 }, () => refresh()));
      for (const { status } of replies) seen[status] = (seen[status] ?? 0) + 1;
    }
    expect(seen).toEqual({ 200: 600, 429: 10 });
    const reply = await refresh();
    expect(reply.headers.get('ratelimit-policy')).toBe('"refresh-address";q=600;w=60');
  });

  it('reaches the service byte for byte', async () => {
    const odd = `{ "refresh_token" : "${refreshToken()}", "more": "\u00e9" }`;
    await refresh(odd);
    const reply = await front.ask('/v1/auth/refresh', {
      method: 'POST',
      body: new Blob([odd]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(reply.status).toBe(200);
    expect(bodies).toEqual([odd, odd]);
  });

  it('longer than any refresh token requires is not read to its end', async () => {
    const { status } = await refresh({ refresh_token: 'x'.repeat(40_000) });
    expect(status).toBe(413);
    expect(bodies).toEqual([]);
  });
});

describe('a request with an expired token', () => {
  it('is counted by its former user, and spends nothing of the user’s own limit', async () => {
    const [ada, bob] = [front.gateway.token(undefined, -10), front.gateway.token(undefined, -10)];
    const search = (token: typeof ada) =>
      front.ask('/v1/messages/search', { headers: bearer(token) });
    // Behind one address, which would have 50 for all of them.
    expect(await statuses(51, () => search(ada))).toEqual({ 200: 50, 429: 1 });
    expect(await statuses(50, () => search(bob))).toEqual({ 200: 50 });
    const fresh = await search(front.gateway.token(ada.userId));
    expect(fresh.headers.get('x-ratelimit-remaining')).toBe('49');
  });
});
