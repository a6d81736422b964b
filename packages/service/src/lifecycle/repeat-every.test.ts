import { noteOutage } from '@secureconnect/postgres';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { repeatEvery } from './repeat-every.ts';

const intervalMs = 1000;
/** Longer than the longest jittered interval, shorter than two of the shortest. */
const oneTurnMs = 1150;

describe('repeatEvery', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const start = (run: () => Promise<void>) => {
    const lines: string[] = [];
    const write = (line: string): void => {
      lines.push(line);
    };
    const log = createLogger({ service: 'test', level: 'info', write });
    return { lines, stop: repeatEvery({ intervalMs, what: 'the sweep', log, run }) };
  };

  it('runs repeatedly, and continues after failures, which it reports once', async () => {
    const notNow = new Error('not now');
    const run = vi.fn(async () => undefined).mockRejectedValueOnce(notNow);
    run.mockRejectedValueOnce(notNow);
    const { lines, stop } = start(run);
    await vi.advanceTimersByTimeAsync(oneTurnMs);
    expect(run).toHaveBeenCalledTimes(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('the sweep failed; trying again later');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ cause: { message: 'not now' } });
    await vi.advanceTimersByTimeAsync(3 * oneTurnMs);
    expect(run.mock.calls.length).toBeGreaterThanOrEqual(4);
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      msg: 'the sweep succeeds again',
      suppressed: 1,
    });
    await stop();
  });

  it('reports a database that is down once for everything with the same log', async () => {
    const lines: string[] = [];
    const log = createLogger({ service: 'test', level: 'info', write: (line) => lines.push(line) });
    let isDown = true;
    const run = async (): Promise<void> => {
      if (!isDown) return;
      const error = new Error('Connection terminated');
      noteOutage(error);
      throw error;
    };
    const stops = ['the sweep', 'the export'].map((what) =>
      repeatEvery({ intervalMs, what, log, run }),
    );
    await vi.advanceTimersByTimeAsync(3 * oneTurnMs);
    isDown = false;
    await vi.advanceTimersByTimeAsync(2 * oneTurnMs);
    const said = lines.map((line) => JSON.parse(line));
    expect(said).toMatchObject([
      {
        msg: 'dependency is unavailable',
        dependency: 'database',
        // Their intervals are jittered: either may be first.
        what: expect.stringMatching(/^the (sweep|export) failed; trying again later$/),
      },
      { msg: 'dependency is available again', dependency: 'database' },
    ]);
    await Promise.all(stops.map((stop) => stop()));
  });

  it('has one run at a time, and stopping waits for it', async () => {
    const finish: (() => void)[] = [];
    const run = vi.fn(() => new Promise<void>((resolve) => finish.push(resolve)));
    const { stop } = start(run);
    await vi.advanceTimersByTimeAsync(5 * oneTurnMs);
    expect(run).toHaveBeenCalledTimes(1);
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(5 * oneTurnMs);
    expect(stopped).toBe(false);
    finish[0]?.();
    await stopping;
    expect(run).toHaveBeenCalledTimes(1);
  });
});
