import { describe, expect, it } from 'vitest';
import { limits } from './limits.ts';
import { madeUp, operation, outage } from './made-up.ts';

const limit = { name: 'upload-url', perMinute: 20, subject: 'ada' };
/** So many granted requests, evenly over some time. */
const granted = (count: number, overMs: number, status = 200) =>
  Array.from({ length: count }, (_, index) =>
    operation({ limit, status, startMs: (index * overMs) / count }),
  );

describe('a limit of 20 a minute at two gateways', () => {
  it('is kept by 20 in a minute and by any number of refusals', () => {
    const operations = [...granted(20, 50_000), ...granted(100, 50_000, 429)];
    expect(limits.judge(madeUp({ operations })).broken).toEqual([]);
    expect(limits.judge(madeUp({ operations: granted(40, 120_000) })).broken).toEqual([]);
  });

  it('must not grant 21 in normal operation', () => {
    const { broken } = limits.judge(madeUp({ operations: granted(21, 50_000) }));
    expect(broken).toEqual(['ada upload-url: 21 granted at a limit of 20, 21 in normal operation']);
  });

  it('must not grant 21 before a later outage', () => {
    const history = madeUp({ operations: granted(21, 10_000), faults: [outage(20_000, 21_000)] });
    expect(limits.judge(history).broken).toHaveLength(1);
  });

  it('may grant one hand-over more across an outage, and no more', () => {
    const faults = [outage(1000, 49_000)];
    expect(limits.judge(madeUp({ operations: granted(40, 50_000), faults })).broken).toEqual([]);
    expect(limits.judge(madeUp({ operations: granted(41, 50_000), faults })).broken).toHaveLength(
      1,
    );
  });

  it('counts every user or session separately', () => {
    const bobs = granted(15, 50_000).map((one) => ({
      ...one,
      limit: { ...limit, subject: 'bob' },
    }));
    const operations = [...granted(15, 50_000), ...bobs];
    expect(limits.judge(madeUp({ operations })).broken).toEqual([]);
  });
});
