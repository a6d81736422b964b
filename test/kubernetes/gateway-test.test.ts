import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { type GatewayTest, runGatewayTest } from './gateway-test.ts';

/** Runs the script of `helm test` at a server that answers these paths; others are 404. */
async function testGateway(
  replies: Readonly<Record<string, readonly [status: number, body: object]>>,
): Promise<GatewayTest> {
  await using parts = new AsyncDisposableStack();
  const server = createServer((request, reply) => {
    const [status, body] = replies[request.url ?? ''] ?? [404, {}];
    reply.writeHead(status).end(JSON.stringify(body));
  });
  parts.defer(async () => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return await runGatewayTest(`http://127.0.0.1:${address.port}`);
}

const fleet = (states: Readonly<Record<string, string>>) => ({
  data: {
    fleet: {
      instances: Object.entries(states).map(([service, state]) => ({ service, state })),
    },
  },
});
const normal = { gateway: 'normal', auth: 'normal', chat: 'degraded', video: 'normal' };
const healthy = {
  '/ready': [200, {}],
  '/v1/degraded?fleet=true': [200, fleet({ ...normal, storage: 'normal' })],
  '/.well-known/jwks.json': [200, { keys: [] }],
  '/v1/users/me': [401, {}],
} as const;

it('passes where all services answer, with or without Redis', async () => {
  expect(await testGateway(healthy)).toEqual({
    code: 0,
    lines: [
      'passed: GET /ready (the gateway reaches its database)',
      'passed: gateway: 1 normal',
      'passed: auth: 1 normal',
      'passed: chat: 1 degraded',
      'passed: video: 1 normal',
      'passed: storage: 1 normal',
      'passed: GET /.well-known/jwks.json (auth answers through the gateway)',
      'passed: GET /v1/users/me (a route that needs a token refuses without one)',
    ],
  });
});

it('fails with every problem in a line', async () => {
  const { code, lines } = await testGateway({
    ...healthy,
    '/ready': [503, {}],
    '/v1/degraded?fleet=true': [200, fleet({ ...normal, chat: 'unreachable' })],
    '/v1/users/me': [200, {}],
  });
  expect(code).toBe(1);
  expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([
    'FAILED: GET /ready (the gateway reaches its database): answered 503; expected 200',
    'FAILED: chat: 1 unreachable: the gateway does not reach all of its instances',
    'FAILED: storage: no instance: the gateway does not reach all of its instances',
    'FAILED: GET /v1/users/me (a route that needs a token refuses without one): answered 200; expected 401',
  ]);
});

it('fails where there is no gateway', async () => {
  const { code, lines } = await runGatewayTest('http://127.0.0.1:1');
  expect(code).toBe(1);
  expect(lines).toHaveLength(4);
});
