import { describe, expect, it } from 'vitest';
import { type Locks, ProcessLocks, platformLocks } from './locks.ts';

describe.each<[string, Locks]>([
  ['of the platform', platformLocks()],
  ['of a process', new ProcessLocks()],
])('locks %s', (_whose, locks) => {
  it('are held by one after the other, and by others under other names meanwhile', async () => {
    const order: string[] = [];
    const hold = (name: string, who: string) =>
      locks.hold(name, undefined, async () => {
        order.push(`${who} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${who} ends`);
      });
    await Promise.all([hold('lock one', 'a'), hold('lock one', 'b'), hold('lock two', 'c')]);
    const ofOne = order.filter((each) => !each.startsWith('c'));
    expect(ofOne).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(order.indexOf('c begins')).toBeLessThan(order.indexOf('b begins'));
  });

  it('are free after a failure, which their holder alone gets', async () => {
    const failing = locks.hold('lock three', undefined, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(await locks.hold('lock three', undefined, async () => 'had')).toBe('had');
  });

  it('are not waited for after an abort, and stay with who holds them', async () => {
    const abort = new AbortController();
    const order: string[] = [];
    let release = (): void => undefined;
    const held = locks.hold('lock four', undefined, async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      order.push('first');
    });
    const waiting = locks.hold('lock four', abort.signal, async () => order.push('second'));
    const last = locks.hold('lock four', undefined, async () => order.push('third'));
    abort.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    expect(order).toEqual([]);
    release();
    await Promise.all([held, last]);
    expect(order).toEqual(['first', 'third']);
  });
});
