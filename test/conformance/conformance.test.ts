import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisFaults, type SampleRequest } from '../../packages/testkit/src/index.ts';
import { redisUsers, untilGauges } from '../support/gauges.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { type Case, httpCases } from './cases.ts';
import { sendSample, wrongAsUsual, wrongDegraded } from './outcome.ts';
import { createWorld } from './world.ts';

const cases = httpCases();
const ways = ['own port', 'gateway'] as const;

/** A request made ready before the fault, to be sent in some phase. */
interface Ready {
  readonly name: string;
  readonly one: Case;
  readonly baseUrl: string;
  /** What the gateway adds to X-Degraded. */
  readonly elsewhere: readonly string[];
  readonly request: SampleRequest;
}

/** Makes every case's request, for both ways in. */
async function prepare(stack: Stack): Promise<Ready[]> {
  const world = createWorld(stack);
  const ready: Ready[] = [];
  for (const one of cases) {
    for (const way of ways) {
      const request = await one.sample.prepare(world);
      const name = `${one.row.route} (${way})`;
      const signed = request.path.startsWith('http');
      if (signed && way === 'gateway') continue;
      const gateway =
        request.token === undefined
          ? ['rate-limit=local']
          : ['rate-limit=local', 'revocations=snapshot'];
      const elsewhere = way === 'gateway' ? gateway : [];
      const baseUrl = stack.urls[way === 'gateway' ? 'gateway' : one.service];
      ready.push({ name, one, baseUrl, elsewhere, request });
    }
  }
  return ready;
}

/** Sends them one after another and returns what was wrong, by name. */
async function run(phase: readonly Ready[], degraded: boolean): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, one, baseUrl, elsewhere, request } of phase) {
    const outcome = await sendSample(baseUrl, one.method, request);
    const fault = degraded
      ? wrongDegraded(one.row, one.sample, outcome, elsewhere)
      : wrongAsUsual(one.sample, outcome);
    if (fault !== undefined) wrong.push(`${name}: ${fault}`);
  }
  return wrong;
}

it('has a case for every HTTP row of the four services', () => {
  expect(cases.length).toBeGreaterThanOrEqual(35);
});

describe.each(redisFaults)('every row while Redis is $name', (fault) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('gives its declared outcome, at once, throughout and after', {
    timeout: 180_000,
  }, async () => {
    const before = await prepare(stack);
    const atOnce = await prepare(stack);
    const throughout = await prepare(stack);
    const after = await prepare(stack);
    expect(await run(before, false)).toEqual([]);

    await fault.begin(stack.redis);
    expect(await run(atOnce, true)).toEqual([]);
    await untilGauges(stack, '1');
    expect(await run(throughout, true)).toEqual([]);

    await fault.end(stack.redis);
    await untilGauges(stack, '0');
    expect(await run(after, false)).toEqual([]);
    // A refusal means that nothing happened: the very same requests succeed now.
    const refused = atOnce.filter(({ one }) =>
      Object.values(one.row.whenRedisDown).some(({ kind }) => kind === 'failClosed'),
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(await run(refused, false)).toEqual([]);

    for (const line of ['Redis entered degraded mode', 'Redis recovered from degraded mode']) {
      const services = stack.logs.filter(({ msg }) => msg === line).map(({ service }) => service);
      expect([...new Set(services)].sort()).toEqual([...redisUsers].sort());
    }
    expect(stack.logs.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
