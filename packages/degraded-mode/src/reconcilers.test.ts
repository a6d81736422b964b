import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newMode, ScriptedProbes } from '../test/scripted-probes.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { Monitor } from './monitor.ts';
import type { Reconciler } from './recovery.ts';

let mode: DegradedMode;
let probes: ScriptedProbes;
let monitor: Monitor;

beforeEach(() => {
  vi.useFakeTimers();
  mode = newMode();
  probes = new ScriptedProbes();
});
afterEach(() => {
  monitor.stop();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

async function start(...reconcilers: Reconciler[]): Promise<void> {
  monitor = new Monitor({ mode, probes, reconcilers, healthCheckIntervalSeconds: 10 });
  await monitor.start();
}

function outage(): void {
  mode.reportError(new Error('hard: ECONNRESET'));
}

/** Notes what it sees, and does what it is told. */
function reconciler(name: string, notes: unknown[], act: () => Promise<void>): Reconciler {
  return {
    name,
    async run({ dataChange }) {
      notes.push([name, dataChange, mode.availability.state]);
      await act();
    },
  };
}

const succeed = () => Promise.resolve();

describe('reconcilers', () => {
  it('that are added run at once while Redis is up, and behind the others after an outage', async () => {
    const notes: unknown[] = [];
    await start(reconciler('first', notes, succeed));
    let isBroken = true;
    const act = async () => {
      if (isBroken) throw new Error('not yet');
    };
    await monitor.addReconciler(reconciler('added', notes, act));
    expect(mode.availability.state).toBe('unavailable');
    isBroken = false;
    await pass(2000);
    expect(mode.availability.state).toBe('available');
    expect(notes.slice(1)).toEqual([
      ['added', 'firstContact', 'available'],
      ['first', 'sameData', 'recovering'],
      ['added', 'sameData', 'recovering'],
    ]);
    outage();
    await monitor.addReconciler(reconciler('last', notes, succeed));
    await pass(2000);
    expect(notes.slice(4)).toEqual([
      ['first', 'sameData', 'recovering'],
      ['added', 'sameData', 'recovering'],
      ['last', 'sameData', 'recovering'],
    ]);
  });

  it('run one after the other, in order, before the flag flips', async () => {
    const notes: unknown[] = [];
    const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 30));
    mode.availability.on('changed', (state) => notes.push(state));
    probes.change = 'firstContact';
    const started = start(
      reconciler('subscriptions', notes, slow),
      reconciler('revocations', notes, succeed),
    );
    await pass(30);
    await started;
    expect(notes).toEqual([
      'recovering',
      ['subscriptions', 'firstContact', 'recovering'],
      ['revocations', 'firstContact', 'recovering'],
      'available',
    ]);
  });

  it('run after a drill too, during which every probe is good', async () => {
    const notes: unknown[] = [];
    await start(reconciler('limits', notes, succeed));
    notes.length = 0;
    mode.availability.beginDrill(2);
    await pass(2000);
    expect(probes.fullAt.length).toBeGreaterThan(5);
    expect(notes).toEqual([]);
    await pass(900);
    expect(notes).toEqual([['limits', 'sameData', 'recovering']]);
    expect(mode.isAvailable()).toBe(true);
  });

  it('receive what happened to the data, as the event does', async () => {
    const notes: unknown[] = [];
    await start(reconciler('limits', notes, succeed));
    const reconciled = vi.fn();
    monitor.on('reconciled', reconciled);
    outage();
    probes.change = 'rolledBack';
    await pass(900);
    expect(notes.at(-1)).toEqual(['limits', 'rolledBack', 'recovering']);
    const event = { dataChange: 'rolledBack', reconcilers: 1, durationMs: 0 };
    expect(reconciled).toHaveBeenCalledExactlyOnceWith(event);
  });

  it('keep the flag down while one fails, and run again until they succeed', async () => {
    const notes: unknown[] = [];
    let sqlIsDown = false;
    const failed = vi.fn();
    await start(
      reconciler('revocations', notes, async () => {
        if (sqlIsDown) throw new Error('no database');
      }),
      reconciler('limits', notes, succeed),
    );
    monitor.on('reconcilerFailed', failed);
    sqlIsDown = true;
    notes.length = 0;
    outage();
    await pass(5000);
    expect(mode.availability.state).toBe('unavailable');
    expect(mode.availability.reason).toBe('reconciler: revocations');
    expect(failed).toHaveBeenCalledWith({
      reconciler: 'revocations',
      error: new Error('no database'),
      failure: undefined,
    });
    expect(notes.length).toBeGreaterThan(3);
    expect(notes).not.toContainEqual(expect.arrayContaining(['limits']));

    sqlIsDown = false;
    await pass(900);
    expect(mode.isAvailable()).toBe(true);
  });

  it('receive a loss again that no recovery has repaired', async () => {
    const notes: unknown[] = [];
    let fails = 2;
    await start(
      reconciler('limits', notes, async () => {
        fails -= 1;
        if (fails === 0) throw new Error('not now');
      }),
    );
    notes.length = 0;
    outage();
    probes.change = 'empty';
    await pass(3000);
    expect(notes).toEqual([
      ['limits', 'empty', 'recovering'],
      ['limits', 'empty', 'recovering'],
    ]);
    outage();
    await pass(3000);
    expect(notes.at(-1)).toEqual(['limits', 'sameData', 'recovering']);
  });

  it('that meet a Redis which is gone again leave the flag down', async () => {
    const notes: unknown[] = [];
    await start(
      reconciler('limits', notes, async () => {
        if (notes.length > 1) throw new Error('hard: ECONNRESET');
      }),
    );
    outage();
    await pass(5000);
    expect(mode.availability.state).toBe('unavailable');
  });

  it('that meet a mistake of ours keep the flag down, and name it', async () => {
    const notes: unknown[] = [];
    await start(
      reconciler('limits', notes, async () => {
        if (notes.length > 1) throw new Error('bug: WRONGTYPE evalsha');
      }),
    );
    outage();
    await pass(5000);
    expect(mode.availability.state).toBe('unavailable');
    expect(mode.availability.reason).toBe('WRONGTYPE evalsha');
  });

  it('do not hide a Redis that freezes while they run', async () => {
    const notes: unknown[] = [];
    await start(
      reconciler('limits', notes, async () => {
        if (notes.length === 1) return;
        probes.answers = 'never';
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }),
    );
    outage();
    await pass(4000);
    expect(mode.availability.state).toBe('unavailable');
  });

  it('that never end count as failed after 30 s', async () => {
    const notes: unknown[] = [];
    const failed = vi.fn();
    await start(
      reconciler('limits', notes, () =>
        notes.length === 2 ? new Promise(() => undefined) : succeed(),
      ),
    );
    monitor.on('reconcilerFailed', failed);
    outage();
    await pass(30_000);
    expect(mode.availability.state).toBe('recovering');
    await pass(2000);
    expect(failed).toHaveBeenCalledOnce();
    expect(mode.isAvailable()).toBe(true);
  });

  it('do not start after stop', async () => {
    const notes: unknown[] = [];
    await start(
      reconciler('first', notes, async () => {
        if (notes.length > 2) monitor.stop();
      }),
      reconciler('second', notes, succeed),
    );
    notes.length = 0;
    notes.push('', '');
    outage();
    await pass(2000);
    expect(notes.slice(2)).toEqual([['first', 'sameData', 'recovering']]);
    expect(mode.isAvailable()).toBe(false);
  });
});
