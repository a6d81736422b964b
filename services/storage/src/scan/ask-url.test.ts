import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileOf } from '../../test/file-of.ts';
import { askUrl } from './ask-url.ts';
import { ScanHookFailed } from './scan-hook-failed.ts';

let answer = { status: 200, text: '{"clean":true}' };
let server: Server;
let url = '';
beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(answer.status).end(answer.text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scan`;
});
afterAll(() => server.close());

const file = fileOf({ status: 'quarantined' });
const transfers = { scanUrl: async () => ({ url: 'http://files/f-1', expiresAt: new Date(0) }) };
const timeoutMs = 5000;

it('returns the verdict', async () => {
  expect(await askUrl({ url, timeoutMs, transfers })(file)).toBe('clean');
});

it.each([
  [500, '{"clean":true}'],
  [200, 'no JSON'],
  [200, '{"clean":"yes"}'],
])('a hook that answers %i with %s has failed', async (status, text) => {
  answer = { status, text };
  await expect(askUrl({ url, timeoutMs, transfers })(file)).rejects.toThrow(ScanHookFailed);
});

it('so has one that refuses connections', async () => {
  const away = `http://127.0.0.1:${await freePort()}/`;
  await expect(askUrl({ url: away, timeoutMs, transfers })(file)).rejects.toThrow(ScanHookFailed);
});

it('a mistake on the way to the hook is none of the hook', async () => {
  const mistake = new TypeError('signed is not a function');
  const broken = { scanUrl: () => Promise.reject(mistake) };
  await expect(askUrl({ url, timeoutMs, transfers: broken })(file)).rejects.toBe(mistake);
});
