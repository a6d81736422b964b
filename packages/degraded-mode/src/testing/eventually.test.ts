import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('returns what the first successful check returns', async () => {
    let calls = 0;
    const check = () => {
      calls += 1;
      if (calls < 3) throw new Error(`call ${calls}`);
      return calls;
    };
    expect(await eventually(check, { intervalMs: 1 })).toBe(3);
  });

  it('rethrows the last failure at the deadline', async () => {
    let calls = 0;
    const failing = eventually(
      () => {
        calls += 1;
        throw new Error(`call ${calls}`);
      },
      { timeoutMs: 30, intervalMs: 1 },
    );
    const error = await failing.catch((caught: unknown) => caught);
    expect(error).toEqual(new Error(`call ${calls}`));
    expect(calls).toBeGreaterThan(1);
  });
});
