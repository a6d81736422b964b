import { expect, it } from 'vitest';
import { platformLocks } from './locks.ts';

it('lets one after the other hold a lock, and others hold another one meanwhile', async () => {
  const locks = platformLocks();
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
  expect(order.indexOf('c begins')).toBeLessThan(order.indexOf('a ends'));
});

it('is free after a failure, and gives it to its holder alone', async () => {
  const locks = platformLocks();
  const failing = locks.hold('lock three', undefined, () => Promise.reject(new Error('broken')));
  await expect(failing).rejects.toThrow('broken');
  expect(await locks.hold('lock three', undefined, async () => 'had')).toBe('had');
});

it('is not waited for after an abort', async () => {
  const locks = platformLocks();
  const abort = new AbortController();
  let release = (): void => undefined;
  const held = locks.hold(
    'lock four',
    undefined,
    () => new Promise<void>((resolve) => (release = resolve)),
  );
  const waiting = locks.hold('lock four', abort.signal, async () => 'had');
  abort.abort(new Error('left'));
  release();
  await expect(waiting).rejects.toThrow('left');
  await held;
});
