import { ApiError } from '@secureconnect/service';
import { expect, it } from 'vitest';
import { SignInGate } from './sign-in-gate.ts';

function gate(perSecond: number, maxAddresses?: number) {
  const clock = { ms: 0 };
  const refused = { count: 0 };
  const under = new SignInGate({
    perSecond,
    onRefused: () => {
      refused.count += 1;
    },
    now: () => clock.ms,
    ...(maxAddresses === undefined ? {} : { maxAddresses }),
  });
  const admitted = (address: string, times: number): number => {
    let count = 0;
    for (let time = 0; time < times; time += 1) {
      try {
        under.admit(address);
        count += 1;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const options = { retryAfterSeconds: 2 };
        expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', options });
      }
    }
    return count;
  };
  return { clock, refused, admitted };
}

it('admits a burst of two seconds, half of it from one address, and counts refusals', () => {
  const { admitted, refused } = gate(100);
  expect(admitted('192.0.2.1', 500)).toBe(100);
  expect(refused.count).toBe(400);
  expect(admitted('192.0.2.2', 500)).toBe(100);
  expect(admitted('192.0.2.3', 500)).toBe(0);
});

it('admits its rate from then on, and no more than a burst after a pause', () => {
  const { admitted, clock } = gate(100);
  for (const address of ['192.0.2.1', '192.0.2.2']) admitted(address, 500);
  clock.ms += 1000;
  expect(admitted('192.0.2.1', 500) + admitted('192.0.2.2', 500)).toBe(100);
  clock.ms += 3_600_000;
  expect(admitted('192.0.2.1', 500) + admitted('192.0.2.2', 500)).toBe(200);
});

it('keeps a bounded number of addresses; further ones share a budget', () => {
  const { admitted, clock } = gate(100, 2);
  for (const address of ['192.0.2.1', '192.0.2.2']) admitted(address, 1);
  expect(admitted('192.0.2.3', 500)).toBe(100);
  expect(admitted('192.0.2.4', 500)).toBe(0);
  clock.ms += 2000;
  expect(admitted('192.0.2.4', 500)).toBe(100);
});

it('admits something at the lowest rate', () => {
  const { admitted, clock } = gate(1);
  expect(admitted('192.0.2.1', 5)).toBe(1);
  clock.ms += 2000;
  expect(admitted('192.0.2.1', 5)).toBe(1);
});
