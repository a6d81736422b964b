import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, startUpstream, type TestGateway, type TestUpstream } from './harness.ts';

const secret = 'a'.repeat(43);
let isRunning = true;
let refusesWith: number | undefined;
/** What `npm start` serves. */
let starter: TestUpstream;
let gateway: TestGateway;

beforeAll(async () => {
  starter = await startUpstream(async (request, response) => {
    const body = await new Response(request as unknown as ReadableStream).text();
    if (refusesWith !== undefined || request.url !== `/${secret}`) {
      response.writeHead(refusesWith ?? 404).end();
      return;
    }
    if (request.method === 'PUT') isRunning = JSON.parse(body).is_running;
    response.end(JSON.stringify({ is_running: isRunning }));
  });
  gateway = await startGateway({
    environment: { DEMO_REDIS_SWITCH: `${starter.origin}/${secret}` },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await starter[Symbol.asyncDispose]();
});

const ask = (init: RequestInit = {}, of = gateway) =>
  fetch(`${of.url}/console/demo/redis`, {
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  });
const order = (is_running: unknown) => ask({ method: 'PUT', body: JSON.stringify({ is_running }) });

describe('the switch of the demo', () => {
  it('stops and starts the Redis of npm start', async () => {
    expect(await (await ask()).json()).toMatchObject({ data: { is_running: true } });
    for (const wanted of [false, true]) {
      const reply = await order(wanted);
      expect(reply.status).toBe(200);
      expect(await reply.json()).toMatchObject({ data: { is_running: wanted } });
      expect(isRunning).toBe(wanted);
    }
  });

  it('takes nothing but true and false', async () => {
    expect((await order('false')).status).toBe(400);
    expect(isRunning).toBe(true);
  });

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'x-forwarded-for': '192.0.2.1' },
    { forwarded: 'for=192.0.2.1' },
  ])('refuses others than this machine: %j', async (headers: Record<string, string>) => {
    const reply = await ask({ method: 'PUT', body: '{"is_running":false}', headers });
    expect(reply.status).toBe(403);
    expect(isRunning).toBe(true);
    expect((await ask({ headers })).status).toBe(403);
  });

  it('says so when npm start does not do it', async () => {
    refusesWith = 500;
    const reply = await order(false);
    refusesWith = undefined;
    expect(reply.status).toBe(502);
    const { error } = (await reply.json()) as { error: unknown };
    expect(error).toMatchObject({
      code: 'BAD_GATEWAY',
      message: 'Redis was not switched: npm start answered 500.',
    });
  });

  it('is not there without npm start', async () => {
    await using plain = await startGateway({ sharedWith: gateway });
    expect((await ask({}, plain)).status).toBe(404);
    expect((await ask({ method: 'PUT', body: '{"is_running":false}' }, plain)).status).toBe(404);
  });
});
