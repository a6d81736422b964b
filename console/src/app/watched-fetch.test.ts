import { expect, it } from 'vitest';
import type { RouteUse } from './route-use.ts';
import { watchedFetch } from './watched-fetch.ts';

/** What is noted of an answer. */
async function noted(response: Response, address: string, init?: RequestInit) {
  const uses: RouteUse[] = [];
  const fetch = watchedFetch(
    (use) => uses.push(use),
    async () => response,
  );
  const given = await fetch(address, init);
  return { uses, given };
}

it('names the route without ids, and what the header says of fallbacks', async () => {
  const headers = { 'X-Degraded': 'rate-limit=local, directory=durable' };
  const id = '01990000-0000-7000-8000-00000000000a';
  const address = `http://localhost/v1/messages/${id}/read?conversation_id=${id}`;
  const { uses } = await noted(new Response('{}', { headers }), address, { method: 'POST' });
  expect(uses).toEqual([
    {
      route: 'POST /v1/messages/:id/read',
      mode: 'fallback',
      fallbacks: [
        { port: 'rate-limit', kind: 'local' },
        { port: 'directory', kind: 'durable' },
      ],
    },
  ]);
});

it('tells a refusal from an error, and leaves the body to be read', async () => {
  const body = { error: 'SERVICE_DEGRADED', code: 'redis_unavailable' };
  const refusal = Response.json(body, { status: 503 });
  const { given, uses } = await noted(refusal, 'http://localhost/v1/auth/login');
  expect([uses[0]?.mode, await given.json()]).toEqual(['refused', body]);
  const unready = Response.json({ success: false }, { status: 503 });
  expect((await noted(unready, 'http://localhost/ready')).uses[0]?.mode).toBe('normal');
  const proxy = new Response('<h1>Bad gateway</h1>', { status: 503 });
  expect((await noted(proxy, 'http://localhost/ready')).uses[0]?.mode).toBe('normal');
});
