import { failClosed } from '@secureconnect/degraded-mode';
import { describe, expect, it } from 'vitest';
import type { Declared } from './declared.ts';
import { type Outcome, wrongOutcome } from './outcome.ts';

const declared: Declared = {
  normalStatus: 200,
  closed: undefined,
  own: ['presence=skip', 'fan-out=local'],
  passed: ['rate-limit=local'],
  counted: [],
};
const refusing: Declared = {
  ...declared,
  closed: {
    row: { route: 'POST /login', operation: 'login', whenRedisDown: {} },
    port: 'sessions',
    fallback: failClosed({ retryAfterSeconds: 5 }),
  },
};

function reply(names: readonly string[], meta: readonly string[] = names.map(portOf)): Outcome {
  const own = meta.filter((port) => port !== 'rate-limit');
  return {
    status: 200,
    text: JSON.stringify({ data: {}, meta: own.length === 0 ? {} : { degraded: own } }),
    isJson: true,
    degraded: names.length === 0 ? null : names.join(', '),
    retryAfter: null,
    durationMs: 3,
  };
}

const portOf = (name: string): string => name.split('=')[0] ?? '';

const refusal: Outcome = {
  ...reply([]),
  status: 503,
  text: '{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"login is operating in degraded mode due to Redis unavailability"}',
  retryAfter: '5',
};
const everything = ['presence=skip', 'fan-out=local', 'rate-limit=local'];

describe('the judge of outcomes', () => {
  it('accepts no fallback in normal operation', () => {
    expect(wrongOutcome('normal', declared, reply([]))).toBeUndefined();
    expect(wrongOutcome('normal', declared, reply(['presence=skip']))).toMatch(/X-Degraded/);
  });

  it('degraded, wants all of them, in the header and in the body', () => {
    expect(wrongOutcome('degraded', declared, reply(everything))).toBeUndefined();
    expect(wrongOutcome('degraded', declared, reply(['presence=skip']))).toMatch(/X-Degraded/);
    expect(wrongOutcome('degraded', declared, reply(everything, ['presence']))).toMatch(/meta/);
    expect(wrongOutcome('degraded', refusing, reply(everything))).toBe('200 instead of 503');
    expect(wrongOutcome('degraded', refusing, refusal)).toBeUndefined();
  });

  it('either, accepts some of them, if the reply says which', () => {
    expect(wrongOutcome('either', declared, reply([]))).toBeUndefined();
    expect(wrongOutcome('either', declared, reply(['presence=skip']))).toBeUndefined();
    expect(wrongOutcome('either', declared, reply(['presence=local']))).toMatch(/not declared/);
    expect(wrongOutcome('either', declared, reply(['presence=skip'], []))).toMatch(/meta/);
    expect(wrongOutcome('either', declared, refusal)).toMatch(/^503 instead of 200/);
    expect(wrongOutcome('either', refusing, refusal)).toBeUndefined();
    expect(wrongOutcome('either', refusing, reply([]))).toBeUndefined();
  });

  it.each(['normal', 'degraded', 'either'] as const)('%s, accepts nothing that is late', (how) => {
    expect(wrongOutcome(how, declared, { ...reply(everything), durationMs: 2001 })).toMatch(/2001/);
  });

  it('wants a refusal to the letter', () => {
    expect(wrongOutcome('degraded', refusing, { ...refusal, retryAfter: null })).toMatch(/Retry/);
    expect(wrongOutcome('degraded', refusing, { ...refusal, text: '{}' })).toMatch(/another body/);
    const named = { ...refusal, degraded: 'sessions=skip' };
    expect(wrongOutcome('degraded', refusing, named)).toMatch(/not declared/);
  });
});
