import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkHook } from './check-hook.ts';
import { ScanHookFailed } from './scan-hook-failed.ts';

let status = 200;
const methods = new Set<string | undefined>();
let server: Server;
let url = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    methods.add(request.method);
    response.writeHead(status).end('anything');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scan`;
});
afterAll(() => server.close());

it.each([200, 204, 404, 405, 500])(
  'a URL that answers OPTIONS with %i is there',
  async (answer) => {
    status = answer;
    await checkHook({ kind: 'url', url });
    expect([...methods]).toEqual(['OPTIONS']);
  },
);

it.each([502, 503, 504])('a URL whose proxy answers %i is not', async (answer) => {
  status = answer;
  await expect(checkHook({ kind: 'url', url })).rejects.toThrow(ScanHookFailed);
});

it('neither is one that refuses connections', async () => {
  const away = `http://127.0.0.1:${await freePort()}/`;
  await expect(checkHook({ kind: 'url', url: away })).rejects.toThrow(ScanHookFailed);
});

it.each(['node', process.execPath])(
  'a program is there if it can be executed: %s',
  async (command) => {
    await checkHook({ kind: 'command', command });
  },
);

it.each(['no-such-program', '/no/such/program'])('and otherwise not: %s', async (command) => {
  await expect(checkHook({ kind: 'command', command })).rejects.toThrow(ScanHookFailed);
});

it('nothing is checked without a hook', async () => {
  await checkHook({ kind: 'none' });
});
