import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createLogger, createMetrics } from '@secureconnect/service';
import { LogLines } from '@secureconnect/testkit';
import { expect, test } from 'vitest';
import { breachedPasswordsApi } from './breached-passwords.ts';

const password = 'a breached password';
const sha1 = createHash('sha1').update(password).digest('hex').toUpperCase();
const padding = `${'0'.repeat(35)}:0`;

/** The API with a server that answers so, and what it counted, logged and was asked. */
async function apiWith(answer: RequestListener, options: { pauseMs?: number } = {}) {
  const stack = new AsyncDisposableStack();
  const asked: { path: string | undefined; padding: unknown }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url, padding: request.headers['add-padding'] });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => void server.closeAllConnections());
  stack.defer(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const lines = stack.use(new LogLines());
  const metrics = createMetrics();
  const log = createLogger({ service: 'test', level: 'info', write: lines.write });
  const url = `http://127.0.0.1:${port}`;
  const api = breachedPasswordsApi({ url, log, metrics, timeoutMs: 300, ...options });
  const counted = async (result: string): Promise<number> => {
    const text = await metrics.registry.metrics();
    const name = `auth_breached_password_checks_total{result="${result}"} `;
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.slice(name.length) ?? 0,
    );
  };
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { api, asked, counted, stop, lines, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test('a password of the range is breached, and only five digits of its hash are sent', async () => {
  await using it = await apiWith((_request, response) => {
    response.end(`${padding}\r\n${sha1.slice(5)}:37\r\n`);
  });
  expect(await it.api.isBreached(password)).toBe(true);
  expect(await it.counted('breached')).toBe(1);
  expect(it.asked).toEqual([{ path: `/range/${sha1.slice(0, 5)}`, padding: 'true' }]);
});

test('a password that is not in the range, or only as padding, is clean', async () => {
  await using it = await apiWith((_request, response) => {
    response.end(`${padding}\r\n${sha1.slice(5)}:0`);
  });
  expect(await it.api.isBreached(password)).toBe(false);
  expect(await it.counted('clean')).toBe(1);
});

test.each<[string, RequestListener]>([
  ['does not answer', () => undefined],
  ['stops in the middle', (_request, response) => void response.write(padding)],
  ['answers 503', (_request, response) => void response.writeHead(503).end('away')],
  ['answers 429', (_request, response) => void response.writeHead(429).end()],
  ['sends HTML', (_request, response) => void response.end('<html>no</html>')],
  ['sends nothing', (_request, response) => void response.end()],
  [
    'sends far too much',
    (_request, response) => void response.end(`${padding}\r\n`.repeat(20_000)),
  ],
  [
    'redirects',
    (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
  ],
  ['breaks the connection', (request) => void request.socket.destroy()],
])(
  'a server that %s is skipped, counted, and not asked again for a while',
  async (_what, answer) => {
    await using it = await apiWith(answer);
    expect(await it.api.isBreached(password)).toBe(false);
    expect(await it.api.isBreached(password)).toBe(false);
    expect(await it.counted('skipped')).toBe(2);
    expect(it.asked).toHaveLength(1);
    expect(
      it.lines.all.filter((line) => line.includes('breached passwords not checked')),
    ).toHaveLength(1);
    expect(it.lines.all.join('')).not.toContain(sha1.slice(0, 5));
  },
);

test('a server that is away is skipped', async () => {
  await using it = await apiWith(() => undefined);
  it.stop();
  expect(await it.api.isBreached(password)).toBe(false);
  expect(await it.counted('skipped')).toBe(1);
});

test('after the pause it is asked again', async () => {
  let isUp = false;
  await using it = await apiWith(
    (_request, response) => {
      if (isUp) response.end(`${sha1.slice(5)}:1`);
      else response.writeHead(500).end();
    },
    { pauseMs: 0 },
  );
  expect(await it.api.isBreached(password)).toBe(false);
  isUp = true;
  expect(await it.api.isBreached(password)).toBe(true);
});

test('at most twenty checks run at once; the others are skipped', async () => {
  await using it = await apiWith(() => undefined);
  const all = await Promise.all(Array.from({ length: 30 }, () => it.api.isBreached(password)));
  expect(all).not.toContain(true);
  expect(await it.counted('skipped')).toBe(30);
  expect(it.asked.length).toBeLessThanOrEqual(20);
});
