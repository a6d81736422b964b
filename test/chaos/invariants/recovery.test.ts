import { describe, expect, it } from 'vitest';
import { operationNames } from '../declared.ts';
import { madeUp, operation } from './made-up.ts';
import { recovery } from './recovery.ts';

const afterwards = operationNames.map((name) => operation({ name }));
const gauges = new Map([['auth-1', '0']]);

describe('the end of a run', () => {
  it('is normal operation', () => {
    expect(recovery.judge(madeUp({ gauges, afterwards })).broken).toEqual([]);
  });

  it('must have every gauge at 0', () => {
    const up = new Map([...gauges, ['chat-2', '1']]);
    expect(recovery.judge(madeUp({ gauges: up, afterwards })).broken).toEqual([
      'redis_degraded_mode of chat-2 is 1',
    ]);
    expect(recovery.judge(madeUp({ afterwards })).broken).toEqual(['no gauge was read']);
  });

  it('must have every operation, none of them refused or degraded', () => {
    const [first, second, ...rest] = afterwards;
    if (first === undefined || second === undefined) throw new Error('there are operations');
    const odd = [{ ...first, status: 503 }, { ...second, degraded: 'rate-limit=local' }, ...rest];
    expect(recovery.judge(madeUp({ gauges, afterwards: odd })).broken).toHaveLength(2);
    expect(recovery.judge(madeUp({ gauges, afterwards: rest })).broken).toHaveLength(2);
  });
});
