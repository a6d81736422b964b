import { describe, expect, it } from 'vitest';
import { Ledger } from './ledger.ts';
import { closedLoop, openLoop, settled, speakers } from './loops.ts';

const window = { rampMs: 20, windowMs: 40 };

describe('the open loop', () => {
  it('sends by the clock, although nothing is ever answered in time', async () => {
    const dues: number[] = [];
    const answers: PromiseWithResolvers<boolean>[] = [];
    const say = (sender: number, dueMs: number): Promise<boolean> => {
      expect(sender).toBe(dues.length % speakers);
      dues.push(dueMs);
      const answer = Promise.withResolvers<boolean>();
      answers.push(answer);
      // The last one is answered last: the loop did not wait for any before.
      if (answers.length === 10) for (const one of answers) one.resolve(true);
      return answer.promise;
    };
    await openLoop({ say }, { ratePerSecond: 500, durationMs: 20 });
    const [first = 0] = dues;
    expect(dues.map((dueMs) => Math.round(dueMs - first))).toEqual([
      0, 2, 4, 6, 8, 10, 12, 14, 16, 18,
    ]);
  });
});

describe('the closed loop', () => {
  it('has one message of each speaker in flight, until its time is over', async () => {
    const underWay = new Map<number, number>();
    let most = 0;
    const say = async (sender: number): Promise<boolean> => {
      underWay.set(sender, (underWay.get(sender) ?? 0) + 1);
      most = Math.max(most, ...underWay.values());
      await new Promise(setImmediate);
      underWay.set(sender, (underWay.get(sender) ?? 0) - 1);
      return true;
    };
    await closedLoop({ say }, new Ledger(2).begin(), window);
    expect([most, underWay.size]).toEqual([1, speakers]);
    expect([...underWay.values()]).toEqual(Array.from({ length: speakers }, () => 0));
  });

  it('stops a speaker that was refused', async () => {
    const said: number[] = [];
    const say = async (sender: number): Promise<boolean> => {
      said.push(sender);
      return false;
    };
    await closedLoop({ say }, new Ledger(2).begin(), window);
    expect(said.toSorted()).toEqual(Array.from({ length: speakers }, (_, sender) => sender));
  });

  it('counts what arrives within the window, and not what came before', async () => {
    const ledger = new Ledger(2);
    const counts = ledger.begin();
    const hear = (): void => ledger.heard(ledger.sent(0, 0), 1, 0);
    const says = (hears: () => void) => ({
      say: async (): Promise<boolean> => {
        hears();
        await new Promise(setImmediate);
        return true;
      },
    });
    // The loop has not got going yet when these come.
    const early = () => counts.arrived < 3 && hear();
    expect(await closedLoop(says(early), counts, { ...window, rampMs: 500 })).toBe(0);
    expect(counts.arrived).toBe(3);
    expect(await closedLoop(says(hear), counts, window)).toBeGreaterThan(0);
  });
});

describe('settling', () => {
  it('ends with the last delivery that was due', async () => {
    const ledger = new Ledger(2);
    const counts = ledger.begin();
    const number = ledger.sent(0, 0);
    ledger.taken(number);
    setImmediate(() => ledger.heard(number, 1, 1));
    await settled(counts, 60_000);
    expect(counts.arrived).toBe(counts.due);
  });

  it('gives up what does not arrive', async () => {
    const ledger = new Ledger(2);
    const counts = ledger.begin();
    ledger.taken(ledger.sent(0, 0));
    await settled(counts, 20);
    expect(counts).toMatchObject({ due: 1, arrived: 0 });
  });
});
