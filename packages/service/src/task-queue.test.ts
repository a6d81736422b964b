import { describe, expect, it } from 'vitest';
import { TaskQueue } from './task-queue.ts';

describe('a task queue', () => {
  it('starts a task when all earlier ones have ended', async () => {
    const queue = new TaskQueue();
    const first = Promise.withResolvers<void>();
    const seen: string[] = [];
    const task = (name: string, until?: Promise<void>) => async () => {
      seen.push(`${name} starts`);
      await until;
      seen.push(`${name} ends`);
      return name;
    };
    const results = [queue.run(task('a', first.promise)), queue.run(task('b'))];
    expect(queue.length).toBe(2);
    first.resolve();
    expect(await Promise.all(results)).toEqual(['a', 'b']);
    expect(seen).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
    expect(queue.length).toBe(0);
  });

  it('runs the tasks after one that failed', async () => {
    const queue = new TaskQueue();
    const failed = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(() => Promise.resolve(7));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe(7);
    expect(queue.length).toBe(0);
  });

  it('runs one task at a time, also those that are added when it was empty again', async () => {
    const queue = new TaskQueue();
    let running = 0;
    const task = async () => {
      running += 1;
      expect(running).toBe(1);
      await Promise.resolve();
      running -= 1;
    };
    // Added in the very turn in which the queue becomes empty.
    await queue.run(task).then(() => Promise.all([queue.run(task), queue.run(task)]));
    await Promise.all([queue.run(task), queue.run(task)]);
    expect(queue.length).toBe(0);
  });
});
