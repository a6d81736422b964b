import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instanceOf, Ledger } from './ledger.ts';

const sockets = 4;

describe('a delivery', () => {
  it('is due at every socket except the sender’s, once the server has the message', () => {
    const ledger = new Ledger(sockets);
    const counts = ledger.begin();
    const number = ledger.sent(0, 100);
    expect(counts).toMatchObject({ messages: 0, due: 0 });
    ledger.taken(number);
    expect(counts).toMatchObject({ messages: 1, due: 3, arrived: 0 });
  });

  it('that is refused is not due', () => {
    const ledger = new Ledger(sockets);
    const counts = ledger.begin();
    ledger.refused(ledger.sent(0, 100));
    expect(counts).toMatchObject({ messages: 0, refused: 1, due: 0 });
  });

  it('is timed from when the message was due, and is near on the instance of the sender', () => {
    const ledger = new Ledger(sockets);
    const counts = ledger.begin();
    const number = ledger.sent(0, 100);
    ledger.heard(number, 2, 104);
    ledger.heard(number, 3, 107);
    expect([instanceOf(0), instanceOf(2), instanceOf(3)]).toEqual([0, 0, 1]);
    expect(counts).toMatchObject({ arrived: 2, nearMs: [4], farMs: [7] });
  });

  it('may arrive before the acknowledgement', () => {
    const ledger = new Ledger(sockets);
    const counts = ledger.begin();
    const number = ledger.sent(0, 100);
    for (const socket of [1, 2, 3]) ledger.heard(number, socket, 101);
    ledger.taken(number);
    expect(counts).toMatchObject({ due: 3, arrived: 3, doubled: 0 });
  });

  it('counts once, and a repetition is doubled: it adds no arrival and no latency', () => {
    const ledger = new Ledger(sockets);
    const counts = ledger.begin();
    const number = ledger.sent(0, 100);
    for (const atMs of [101, 102, 103]) ledger.heard(number, 1, atMs);
    expect(counts).toMatchObject({ arrived: 1, doubled: 2, nearMs: [], farMs: [1] });
  });

  it('to the socket that sent it is an echo', () => {
    const ledger = new Ledger(sockets);
    const counts = ledger.begin();
    ledger.heard(ledger.sent(1, 100), 1, 101);
    expect(counts).toMatchObject({ arrived: 0, doubled: 0, echoed: 1, nearMs: [], farMs: [] });
  });

  it('belongs to the measurement in which its message was sent, however late it arrives', () => {
    const ledger = new Ledger(sockets);
    const first = ledger.begin();
    const number = ledger.sent(0, 100);
    ledger.taken(number);
    const second = ledger.begin();
    ledger.heard(number, 1, 900);
    ledger.heard(number, 1, 901);
    expect(first).toMatchObject({ due: 3, arrived: 1, doubled: 1, farMs: [800] });
    expect(second).toMatchObject({ due: 0, arrived: 0, doubled: 0 });
  });

  it('of a message that nobody sent is an error', () => {
    expect(() => new Ledger(sockets).heard(0, 1, 0)).toThrow('message 0 was never sent');
    expect(() => new Ledger(sockets).heard(Number.NaN, 1, 0)).toThrow(/never sent/);
  });
});

it('every received message is counted exactly once, as an arrival, a double or an echo', () => {
  const hearing = fc.record({ number: fc.nat(4), socket: fc.nat(sockets - 1) });
  fc.assert(
    fc.property(fc.array(hearing, { maxLength: 60 }), (hearings) => {
      const ledger = new Ledger(sockets);
      const counts = ledger.begin();
      for (let sender = 0; sender < 5; sender += 1) ledger.taken(ledger.sent(sender % sockets, 0));
      for (const { number, socket } of hearings) ledger.heard(number, socket, 1);
      const { arrived, doubled, echoed, due, nearMs, farMs } = counts;
      expect(arrived + doubled + echoed).toBe(hearings.length);
      expect(arrived).toBeLessThanOrEqual(due);
      expect(nearMs.length + farMs.length).toBe(arrived);
    }),
  );
});
