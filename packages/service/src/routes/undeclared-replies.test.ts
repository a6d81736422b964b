import { endpoint, socket } from '@secureconnect/contracts';
import { eventually, LogLines } from '@secureconnect/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { call } from '../../test/call.ts';
import { sendRaw } from '../../test/raw-http.ts';
import { declare, type SmallService, startSmallService } from '../../test/small-service.ts';
import { ApiError, replied, type UndeclaredReply } from '../index.ts';

const described = { action: 'pots', tag: 'Pots', summary: 'Get a pot', auth: 'none' } as const;
const reply = z.object({});

const noSuchPot = (): ApiError => new ApiError('NOT_FOUND', 'There is no such pot.');
const undeclaredPot = declare.route(
  endpoint({ ...described, route: 'GET /v1/pots/:name', id: 'getPot', reply, errors: [] }),
  {},
  async ({ params, outgoing }) => {
    if (params.name === 'gone') outgoing.destroy();
    if (params.name !== 'known') throw noSuchPot();
    return {};
  },
);
const declaredPot = declare.route(
  endpoint({
    ...described,
    route: 'GET /v1/pans/:name',
    id: 'getPan',
    reply,
    errors: ['NOT_FOUND'],
  }),
  {},
  async () => {
    throw noSuchPot();
  },
);
const rawPot = declare.route(
  endpoint({ ...described, route: 'PUT /v1/pots', id: 'putPot', errors: [] }),
  {},
  async ({ outgoing }): Promise<typeof replied> => {
    outgoing.writeHead(204).end();
    return replied;
  },
);
const potSocket = declare.socket(
  socket({ ...described, route: 'WS /v1/ws', id: 'potSocket', errors: [] }),
  {},
  async () => {
    throw noSuchPot();
  },
);

let small: SmallService;
let reported: UndeclaredReply[];
beforeEach(async () => {
  reported = [];
  small = await startSmallService({
    routes: [undeclaredPot, declaredPot, rawPot, potSocket],
    onUndeclaredReply: (undeclared) => reported.push(undeclared),
  });
});
afterEach(() => small[Symbol.asyncDispose]());

const logged = (): object[] =>
  small.logLines
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'reply has a status that its endpoint does not list')
    .map(({ level, route, status }) => ({ level, route, status }));

/** Sends requests, and returns what is reported when the last of them is in the log. */
async function reportedOf(...requests: [method: string, path: string][]): Promise<unknown[]> {
  for (const [method, path] of requests) await call(`${small.url}${path}`, { method });
  const isLogged = (): boolean =>
    small.logLines.filter((line) => line.includes('"msg":"request"')).length === requests.length;
  await eventually(() => expect(isLogged()).toBe(true));
  return reported;
}

describe('a reply with a status that its endpoint does not list', () => {
  it('is logged as an error, and reported, once for its route and status', async () => {
    const pot: [string, string] = ['GET', '/v1/pots/none'];
    const route = 'GET /v1/pots/:name';
    expect(await reportedOf(pot, ['GET', '/v1/pots/other'], pot)).toEqual([{ route, status: 404 }]);
    expect(logged()).toEqual([{ level: 'error', route, status: 404 }]);
  });

  it('is one to HEAD too, and one that a handler has written', async () => {
    expect(await reportedOf(['HEAD', '/v1/pots/none'], ['PUT', '/v1/pots'])).toEqual([
      { route: 'GET /v1/pots/:name', status: 404 },
      { route: 'PUT /v1/pots', status: 204 },
    ]);
  });

  it('fails the tests of a service whose log is kept by LogLines', async () => {
    const lines = new LogLines();
    await reportedOf(['GET', '/v1/pots/none']);
    for (const line of small.logLines) lines.write(line);
    expect(() => lines[Symbol.dispose]()).toThrow('GET /v1/pots/:name');
  });

  it('may be the refusal of an upgrade', async () => {
    const { status } = await sendRaw(
      small.port,
      'GET /v1/ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(status).toBe(404);
    expect(reported).toEqual([{ route: 'WS /v1/ws', status: 404 }]);
  });
});

describe('what is not reported', () => {
  it.each<[string, string, string]>([
    ['a listed success', 'GET', '/v1/pots/known'],
    ['a listed error', 'GET', '/v1/pans/none'],
    ['a path that is no route', 'GET', '/v1/unknown'],
    ['a method that is no route', 'DELETE', '/v1/pots'],
    ['a common route', 'GET', '/v1/degraded'],
  ])('%s', async (_what, method, path) => {
    expect(await reportedOf([method, path])).toEqual([]);
    expect(logged()).toEqual([]);
  });

  it('a reply that never left', async () => {
    await expect(call(`${small.url}/v1/pots/gone`)).rejects.toThrow();
    await eventually(() => expect(small.logLines.join('')).toContain('"status":499'));
    expect(reported).toEqual([]);
  });
});
