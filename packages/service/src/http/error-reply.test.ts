import { DegradedRefusal } from '@secureconnect/degraded-mode';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../../test/call.ts';
import {
  recover,
  ServerAway,
  type SmallService,
  startSmallService,
} from '../../test/small-service.ts';
import { ApiError } from '../index.ts';

let small: SmallService;
beforeAll(async () => {
  small = await startSmallService();
});
beforeEach(() => {
  small.logLines.length = 0;
  small.counter.away = false;
  recover(small.mode);
});
afterAll(() => small[Symbol.asyncDispose]());

const failing = (thrown: unknown) => {
  small.context.thrown = thrown;
  return call(`${small.url}/v1/failing`);
};

describe('an error in a handler', () => {
  it.each([
    new Error('secret detail'),
    new TypeError('secret detail'),
    Object.assign(new Error('secret detail'), { status: 418, type: 'secret' }),
    'secret detail',
    undefined,
    { code: 'secret' },
  ])('becomes a 500 that says nothing, and one line in the log: %o', async (thrown) => {
    const reply = await failing(thrown);
    expect([reply.status, reply.code]).toEqual([500, 'INTERNAL_ERROR']);
    expect(reply.text).not.toMatch(/secret|Error:|at /);
    const errors = small.logLines.filter((line) => line.includes('"level":"error"'));
    expect(errors).toHaveLength(1);
    expect(JSON.parse(errors[0] ?? '').request_id).toBe(reply.headers.get('x-request-id'));
  });

  it('that is meant for the client reaches it with its headers, and is no error in the log', async () => {
    const reply = await failing(
      new ApiError('ACCOUNT_LOCKED', 'Not now.', {
        retryAfterSeconds: 9,
        headers: { 'X-Extra': 'yes' },
        details: [{ field: 'body.email', message: 'is locked' }],
      }),
    );
    expect([reply.status, reply.code]).toEqual([423, 'ACCOUNT_LOCKED']);
    expect(reply.fields).toEqual(['body.email']);
    expect(reply.headers.get('retry-after')).toBe('9');
    expect(reply.headers.get('x-extra')).toBe('yes');
    expect(small.logLines.join('')).not.toContain('"level":"error"');
  });

  it('that is a refusal for a dependency other than Redis is the reply of any store that is down', async () => {
    const refused = { operation: 'upload', port: 'objects', retryAfterSeconds: 9 };
    const reply = await failing(new DegradedRefusal({ ...refused, dependency: 'object_store' }));
    expect([reply.status, reply.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(reply.headers.get('retry-after')).toBe('9');
    expect(reply.text).toContain('The object store cannot be reached, which upload needs; retry.');
  });

  it('that is a refusal with a message of its own says that', async () => {
    const refused = { operation: 'upload', port: 'objects', retryAfterSeconds: 9 };
    const message = 'Not now; retry.';
    const reply = await failing(
      new DegradedRefusal({ ...refused, dependency: 'object_store', message }),
    );
    expect([reply.status, reply.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(reply.text).toContain(message);
  });

  it.each([
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'cannot be reached'],
    [new Error('Connection terminated unexpectedly'), 'cannot be reached'],
    [new Error('Query read timeout'), 'did not answer in time'],
  ])('of a database that is down is SERVICE_UNAVAILABLE: %s', async (thrown, words) => {
    const reply = await failing(thrown);
    expect([reply.status, reply.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(reply.text).toContain(`The database ${words}; try again.`);
    expect(reply.headers.get('retry-after')).toBe('5');
    expect(small.mode.isAvailable()).toBe(true);
    // The client is not told why, and the line of the request is.
    const lines = () => small.logLines.map((line): unknown => JSON.parse(line));
    const cause = expect.objectContaining({ message: thrown.message });
    const line = { level: 'info', msg: 'request', status: 503, cause };
    await expect.poll(lines).toEqual([expect.objectContaining(line)]);
  });

  it('of the degraded server outside any port is refused, and turns the flag', async () => {
    const reply = await failing(new ServerAway('away'));
    expect(reply.status).toBe(503);
    expect(reply.body.error).toBe('SERVICE_DEGRADED');
    expect(small.mode.isAvailable()).toBe(false);
    expect(small.logLines.join('')).toContain('Redis was used outside a port');
  });
});

describe('a row that fails closed', () => {
  const wholeBody =
    '{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"closed is operating in degraded mode due to Redis unavailability"}';
  const closed = () => call(`${small.url}/v1/closed`, { method: 'POST' });

  it('is refused byte for byte, at the moment of the fault and while it lasts', async () => {
    expect((await closed()).status).toBe(200);
    const counted = small.counter.counted;
    small.counter.away = true;
    for (const flag of [true, false]) {
      expect(small.mode.isAvailable()).toBe(flag);
      const reply = await closed();
      expect([reply.status, reply.text]).toEqual([503, wholeBody]);
      expect(reply.headers.get('retry-after')).toBe('7');
      expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(reply.headers.has('x-request-id')).toBe(true);
    }
    small.counter.away = false;
    recover(small.mode);
    expect((await closed()).body.data).toEqual({ count: counted + 1 });
  });
});

describe('a row that fails open', () => {
  const open = () => call(`${small.url}/v1/open`, { method: 'POST' });

  it('says so in the header and in meta, and in nothing else', async () => {
    const usual = await open();
    expect(usual.headers.has('x-degraded')).toBe(false);
    expect(usual.body.meta).not.toHaveProperty('degraded');
    small.counter.away = true;
    for (const count of [1, 2]) {
      const reply = await open();
      expect(reply.status).toBe(200);
      expect(reply.body.data).toEqual({ count });
      expect(reply.headers.get('x-degraded')).toBe('counter=local');
      expect(reply.body.meta?.degraded).toEqual(['counter']);
    }
  });
});

describe('with fallbacks disabled', () => {
  it('every row that uses a port is refused', async () => {
    await using strict = await startSmallService({ modeOptions: { fallbackEnabled: false } });
    strict.counter.away = true;
    for (const path of ['/v1/open', '/v1/open', '/v1/closed']) {
      const reply = await call(`${strict.url}${path}`, { method: 'POST' });
      expect([reply.status, reply.body.error]).toEqual([503, 'SERVICE_DEGRADED']);
    }
    expect((await call(`${strict.url}/v1/plain`)).status).toBe(200);
  });
});
